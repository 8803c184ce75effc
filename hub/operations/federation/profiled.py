"""What a node's profile does to a draft: its template, its words, its space, and a first check."""

from dataspace.errors import NotFound
from dataspace.federation.profile import Profile
from dataspace.federation.profiles.fitting import begun, labelled, problems
from dataspace.selection import Page, Row, Selection, Where
from hub.node import Node
from hub.operations.mechanism.done import Request
from hub.operations.mechanism.input import FieldsInvalid
from hub.operations.mechanism.lifecycle import Values


async def fitted(request: Request, values: Values, row: Row) -> Values:
    """What follows from the profile for values that are set; nothing at the city's own node.

    A draft may lack what it will need, but holds nothing that the profile does not know. What
    names no space belongs to the profile's, so that its rulebook applies.

    Raises:  FieldsInvalid; NotFound for a template that the profile does not have.
    """
    profile = request.node.profile
    if profile is None:
        return {}
    start = _begun(profile, values)
    given = {**start, **{name: value for name, value in values.items() if value is not None}}
    if found := problems(profile, request.kind, given, whole=False):
        raise FieldsInvalid(request.kind, found)
    made = {name: value for name, value in start.items() if values.get(name) is None}
    if labels := given.get("labels"):
        made["labels"] = labelled(profile, labels)
    if not (row or values.get("space")) and (space := await space_of(request.node, profile.code)):
        made["space"] = space
    return made


async def space_of(node: Node, code: str) -> str | None:
    """The id of the space of this code, if there is one."""
    selection = Selection("space", ("id",), Where("code", "eq", code), page=Page(1))
    found = (await node.catalogue.select(selection)).first
    return None if found is None else str(found["id"])


def _begun(profile: Profile, values: Values) -> Values:
    code = values.get("template")
    if not code:
        return {}
    if (template := profile.template(code)) is None:
        raise NotFound(kind="template", id=code)
    return begun(profile, template)
