"""Change registrations (L2, L5): what is proposed for a registered entry, held until it is passed.

The entry itself stays as it was registered, in force and published, so that nothing registered is
lost by asking for something else; when the proposal passes, its values are written to the entry
in the same change set. What a proposal leaves out stays as it is.
"""

from dataclasses import replace

from dataspace.nouns.codes import PROPOSAL_KIND
from dataspace.nouns.shared import KEPT, REVIEW, state_field
from dataspace.shape import Edge, Noun, code_field, text_field
from dataspace.text import Text

RESOURCE_VALUES = (
    "name", "summary", "audience", "format", "origin", "share_type", "share_condition",
    "share_method", "open_attribute", "open_condition", "update_cycle", "grade", "quality_standard",
    "update_mechanism", "usage_method", "source_system", "spatial_coverage", "temporal_coverage",
    "record_count", "labels", "contact",
)
PRODUCT_VALUES = (
    "name", "summary", "audience", "form", "use_kind", "update_cycle", "grade", "price_fen",
    "price_unit", "usage_policy", "purposes", "labels",
)

RESOURCE_PARTS, PRODUCT_PARTS = ("items", "extra"), ("extra",)


def resource_change(resource: Noun) -> Noun:
    """Also of its items and extra metadata, which are given whole."""
    own = Edge("provider", "participant", Text("Provider", "信息资源提供方"),
               "resource_changes", Text("Changes it proposed", "提出的资源变更"), must=True)
    noun = _proposal(resource, RESOURCE_VALUES, own, "rch",
                     text=Text("Change of a resource", "资源变更登记"),
                     plural=Text("Changes of resources", "资源变更登记"))
    return replace(noun, parts=tuple(resource.part_by_name[name] for name in RESOURCE_PARTS))


def product_change(product: Noun) -> Noun:
    own = Edge("owner", "participant", Text("Owner", "产品所有方"),
               "product_changes", Text("Changes it proposed", "提出的产品变更"), must=True)
    noun = _proposal(product, PRODUCT_VALUES, own, "pch",
                     text=Text("Change of a product", "产品变更登记"),
                     plural=Text("Changes of products", "产品变更登记"))
    return replace(noun, parts=tuple(product.part_by_name[name] for name in PRODUCT_PARTS))


def _proposal(of: Noun, names: tuple[str, ...], own: Edge, prefix: str, *, text: Text, plural: Text) -> Noun:
    proposed = tuple(
        replace(of.by_name[name], must=False, unique=False, search=0, sort=False, filter=False, facet=False)
        for name in names
    )
    changed = Edge(of.name, of.name, Text(f"{of.text.en} that is to change", f"拟变更的{of.text.zh}"),
                   "changes", Text("Changes proposed for it", "变更登记"), must=True)
    return Noun(
        f"{of.name}_change", f"{of.name}_changes", prefix, text, plural,
        fields=(
            text_field("title", "What changes, in a word", "变更事项", must=True, search=8, sort=True),
            state_field(),
            code_field("kind", PROPOSAL_KIND, must=True, facet=True),
            text_field("explanation", "Why", "变更说明", length_max=4000, must=True),
            text_field("before_sha256", "SHA-256 of the values before the change", "变更前内容 SHA-256", length_max=64),
            text_field("after_sha256", "SHA-256 of the values after the change", "变更后内容 SHA-256", length_max=64),
            *proposed,
            *REVIEW,
            *KEPT,
        ),
        edges=(changed, own),
        owner=own.name,
        paths=(("state", "submitted_at"),),
    )
