"""Keycloak's administration over HTTP: the only file that knows python-keycloak.

Everything above speaks of paths below the realm and of JSON; what Keycloak refuses or fails to
answer becomes one of our errors here.
"""

import json
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from keycloak import KeycloakOpenIDConnection
from keycloak.exceptions import KeycloakConnectionError, KeycloakError

from dataspace.errors import AccountRefused
from identity.refusals import AdministrationRefused, IdentityUnavailable, SecretRefused, away

ANSWER_SECONDS_MAX = 5
# Making a realm with its keys takes a small machine some while.
SETUP_SECONDS_MAX = 60
RETRY_AFTER_SECONDS = 5
DETAIL_CHARACTERS_MAX = 300


class Service:
    """The administration of one realm, as one administrator or as the hub's own client."""

    def __init__(
        self,
        connection: KeycloakOpenIDConnection,
        realm: str,
        *,
        login_refused: type[AdministrationRefused] = AdministrationRefused,
    ) -> None:
        self._connection = connection
        self._login_refused = login_refused
        self.realm = realm
        self._read: dict[tuple[str, str], Any] | None = None

    @classmethod
    def as_client(cls, address: str, realm: str, *, client: str, secret: str) -> Self:
        """The client's service account, which has the rights that `setup` gave it."""
        return cls(
            KeycloakOpenIDConnection(
                server_url=_folder(address), realm_name=realm, client_id=client,
                client_secret_key=secret, timeout=ANSWER_SECONDS_MAX, verify=_trusted(),
            ),
            realm,
            login_refused=SecretRefused,
        )  # fmt: skip

    @classmethod
    def as_administrator(cls, address: str, realm: str, *, username: str, password: str) -> Self:
        """An administrator of the whole server, who lives in its realm `master`."""
        return cls(
            KeycloakOpenIDConnection(
                server_url=_folder(address), realm_name=realm, user_realm_name="master",
                username=username, password=password, client_id="admin-cli",
                timeout=SETUP_SECONDS_MAX, verify=_trusted(),
            ),
            realm,
        )  # fmt: skip

    async def get(self, path: str, **query: Any) -> Any:
        """What is at the path below the realm, or None when nothing is.

        Raises:  IdentityUnavailable, AdministrationRefused.
        """
        key = (path, json.dumps(query, sort_keys=True))
        if self._read is not None and key in self._read:
            return self._read[key]
        answer = await self._ask(lambda: self._connection.a_raw_get(self._place(path), **query))
        said = None if answer.status_code == 404 else self._said(path, answer)
        if self._read is not None:
            self._read[key] = said
        return said

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Within it nothing is read twice, unless something was written since."""
        self._read = {}
        try:
            yield
        finally:
            self._read = None

    async def post(self, path: str, values: Any) -> str:
        """Makes something; its id, where Keycloak names one.

        Raises:  AccountRefused when something of that name is there, and what `get` raises.
        """
        body = json.dumps(values)
        answer = await self._write(
            lambda: self._connection.a_raw_post(self._place(path), data=body)
        )
        self._said(path, answer)
        return str(answer.headers.get("location", "")).rpartition("/")[2]

    async def put(self, path: str, values: Any = None) -> None:
        """Raises:  what `post` raises."""
        body = "" if values is None else json.dumps(values)
        self._said(
            path,
            await self._write(lambda: self._connection.a_raw_put(self._place(path), data=body)),
        )

    async def delete(self, path: str, values: Any = None) -> None:
        """Nothing there is as good as taken away. Raises:  what `get` raises."""
        body: Any = "" if values is None else json.dumps(values)
        answer = await self._write(
            lambda: self._connection.a_raw_delete(self._place(path), data=body)
        )
        if answer.status_code != 404:
            self._said(path, answer)

    async def make_realm(self, values: Any) -> None:
        body = json.dumps({**values, "realm": self.realm})
        place = "admin/realms"
        answer = await self._write(lambda: self._connection.a_raw_post(place, data=body))
        self._said("", answer)

    async def close(self) -> None:
        await self._connection.aclose()
        await self._connection.keycloak_openid.connection.aclose()

    def _place(self, path: str) -> str:
        return f"admin/realms/{self.realm}{path}"

    async def _write(self, call: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await self._ask(call)
        finally:
            if self._read is not None:
                self._read.clear()

    async def _ask(self, call: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await call()
        except KeycloakConnectionError as error:
            cause = error.__cause__ or error
            detail = _short(f"{type(cause).__name__} {cause}".strip())
            raise away(error, detail, retry_after_seconds=RETRY_AFTER_SECONDS) from error
        except KeycloakError as error:
            if (error.response_code or 500) >= 500:
                raise _unavailable(_described(error)) from error
            known = error.response_code != 401
            kind = AdministrationRefused if known else self._login_refused
            raise kind(what="sign-in", detail=_short(_described(error))) from error

    def _said(self, path: str, answer: Any) -> Any:
        if answer.status_code >= 500:
            raise _unavailable(f"{answer.status_code} {answer.text}")
        if answer.status_code in (400, 409):
            raise AccountRefused(what=path or "realm", detail=_short(answer.text))
        if answer.status_code >= 400:
            detail = _short(f"{answer.status_code} {answer.text}")
            raise AdministrationRefused(what=path or "realm", detail=detail)
        return answer.json() if answer.content else None


def _trusted() -> Any:
    """The authorities that every other part is trusted by; the library's own are others."""
    return ssl.create_default_context()


def _folder(address: str) -> str:
    """Paths are joined to it, so it ends in a slash."""
    return address.rstrip("/") + "/"


def _described(error: KeycloakError) -> str:
    """What Keycloak says of a failed login, which comes as the bytes of an OAuth 2.0 error."""
    try:
        return str(json.loads(error.response_body or b"")["error_description"])
    except (ValueError, KeyError, TypeError):
        return str(error)


def _short(text: str) -> str:
    return text[:DETAIL_CHARACTERS_MAX]


def _unavailable(detail: str) -> IdentityUnavailable:
    return IdentityUnavailable(
        service="Keycloak", detail=_short(detail), retry_after_seconds=RETRY_AFTER_SECONDS
    )
