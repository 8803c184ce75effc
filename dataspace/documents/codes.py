"""The code tables of documents."""

from dataspace.codes import code_table
from dataspace.text import Text

CERTIFICATE_KIND = code_table("CertificateKind", Text("Kind of a certificate", "证书类别"), """
1   RESOURCE_REGISTRATION Registration of a resource | 公共数据资源登记证书
2   PRODUCT_REGISTRATION Registration of a product | 数据产品登记证书
3   AUTHORISATION Authorisation               | 公共数据授权证书
4   AGREEMENT     Agreement of authorised operation | 公共数据授权运营协议
""")
