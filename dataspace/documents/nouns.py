"""The noun of documents: one that was issued, its content as it was then, and what it is about."""

from dataspace.documents.codes import CERTIFICATE_KIND
from dataspace.shape import Edge, Noun, code_field, flag_field, moment_field, text_field
from dataspace.text import Text

CONTENT_CHARACTERS_MAX = 100_000

CERTIFICATE = Noun(
    "certificate", "certificates", "cer",
    Text("Certificate", "证书"), Text("Certificates", "证书"),
    fields=(
        text_field("code", "Number", "证书编号", length_max=40, must=True, unique=True, filter=True,
                   sort=True),
        code_field("kind", CERTIFICATE_KIND, must=True, facet=True),
        text_field("content", "Content as it was issued, as canonical JSON", "签发内容（规范 JSON）",
                   length_max=CONTENT_CHARACTERS_MAX, must=True),
        text_field("sha256", "SHA-256 of the content", "内容 SHA-256", length_max=64, must=True, filter=True),
        flag_field("public", "Whether everybody may read all of it", "内容是否公开"),
        moment_field("issued_at", "When it was issued", "签发时间", must=True, sort=True),
        moment_field("valid_from", "Since when it holds, where that is later than its issue", "生效时间", sort=True),
        moment_field("valid_until", "End of its validity", "有效期至", sort=True),
    ),
    edges=(
        Edge("holder", "participant", Text("Participant that it was issued to", "持证主体"),
             "certificates", Text("Certificates issued to it", "获发的证书"), must=True),
        Edge("resource", "resource", Text("Resource that it is about", "所涉资源"),
             "certificates", Text("Its certificates", "登记证书")),
        Edge("authorisation", "authorisation", Text("Authorisation that it is about", "所涉授权"),
             "certificates", Text("Its certificates", "授权证书")),
        Edge("product", "product", Text("Product that it is about", "所涉产品"),
             "certificates", Text("Its certificates", "登记证书")),
        Edge("agreement", "agreement", Text("Agreement that it is of", "所载协议"),
             "certificates", Text("Its documents", "协议文书")),
        Edge("replaces", "certificate", Text("Certificate that it takes the place of", "所换发的原证书"),
             "replaced_by", Text("Certificates that took its place", "换发的新证书")),
    ),
    owner="holder",
)  # fmt: skip
