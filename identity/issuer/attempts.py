"""How often a password may be guessed: by user name, and by the address that it comes from."""

from dataspace.errors import Exhausted
from dataspace.text import Text
from identity.issuer.ledger import Ledger

FAILURES_PER_NAME_MAX = 5
FAILURES_PER_ADDRESS_MAX = 50
FAILURES_WINDOW_SECONDS = 300


class TooManyAttempts(Exhausted):
    """Also for a user name that does not exist, so that it tells nobody who does."""

    code = "identity.too_many_attempts"
    title = Text(
        "Too many failed sign-ins; wait {retry_after_seconds} seconds",
        "登录失败次数过多，请等待 {retry_after_seconds} 秒",
    )
    advice = Text("Wait, then sign in with the right password.", "请稍候，再用正确的密码登录。")


class Attempts:
    """An attempt is counted before it is checked, so that many at once cannot slip through."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def begin(self, name: str, address: str) -> None:
        """Raises:  TooManyAttempts."""
        by_name = self._ledger.count("name", name, seconds=FAILURES_WINDOW_SECONDS)
        by_address = self._ledger.count("address", address, seconds=FAILURES_WINDOW_SECONDS)
        if by_name > FAILURES_PER_NAME_MAX or by_address > FAILURES_PER_ADDRESS_MAX:
            raise TooManyAttempts(retry_after_seconds=FAILURES_WINDOW_SECONDS)

    def succeeded(self, name: str, address: str) -> None:
        self._ledger.drop("name", name)
        self._ledger.uncount("address", address)
