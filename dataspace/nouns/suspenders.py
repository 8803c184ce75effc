"""What a product may be suspended by: an authorisation that fell, or a source of another node."""

from dataspace.shape import Edge
from dataspace.text import Text

SUSPENDERS = (
    Edge("suspended_by", "authorisation", Text("Authorisations whose fall suspends it", "致其暂停的授权"),
         "products_suspended", Text("Products that it suspends", "因其暂停的产品"), many=True),
    Edge("lost_resources", "resource", Text("Resources whose loss suspends it", "致其暂停的来源资源"),
         "products_suspended", Text("Products that its loss suspends", "因其失效暂停的产品"), many=True),
    Edge("lost_products", "product", Text("Products whose loss suspends it", "致其暂停的来源产品"),
         "products_suspended", Text("Products that its loss suspends", "因其失效暂停的产品"), many=True),
)  # fmt: skip
