"""Why the certificate of a part is not taken: vendors wrap it deep, and say it in English only.

What is trusted is what the machine trusts, or the file that SSL_CERT_FILE names.
"""

from collections.abc import Iterator
from ssl import SSLCertVerificationError
from typing import Final

from dataspace.text import Text

ADVICE: Final = Text(
    "Nothing was done. Give that server a certificate that holds for its address, or let"
    " SSL_CERT_FILE name a file with the authority that signed it, and start again.",
    "未做任何改动。请为该服务器更换对其地址有效的证书；或将签发机构证书写入 SSL_CERT_FILE"
    " 所指文件，再重新启动。",
)
_UNKNOWN: Final = Text("no authority that is trusted signed it", "签发机构不受信任")
_SELF_SIGNED: Final = Text("the server signed it itself", "证书为服务器自签名")
_OTHER_ADDRESS: Final = Text("it was made for another address", "证书不适用于该地址")
# OpenSSL's X509_V_ERR_… numbers.
_REASONS: Final = {
    9: Text("it does not hold yet", "证书尚未生效"),
    10: Text("it has expired", "证书已过期"),
    18: _SELF_SIGNED,
    19: _UNKNOWN,
    20: _UNKNOWN,
    21: _UNKNOWN,
    23: Text("it was revoked", "证书已被吊销"),
    62: _OTHER_ADDRESS,
    64: _OTHER_ADDRESS,
}


def certificate_fault(error: BaseException) -> Text | None:
    """What is wrong with the certificate, or None when the error has another cause."""
    for each in _within(error):
        if isinstance(each, SSLCertVerificationError):
            said = str(each.verify_message)
            return _REASONS.get(each.verify_code, Text(said, said))
    return None


def _within(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came of, wherever a library put that; each once."""
    found: list[BaseException] = [error]
    for each in found:
        yield each
        inner = [each.__cause__, each.__context__, *each.args]
        if isinstance(each, BaseExceptionGroup):
            inner += each.exceptions
        found += [
            one for one in inner
            if isinstance(one, BaseException) and all(one is not other for other in found)
        ]  # fmt: skip
