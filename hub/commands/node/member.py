"""A node as a member of its city: what its data folder remembers, and what the hub says now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from dataspace.federation.joining.refusals import HubKeysChanged, NotJoined
from dataspace.lifecycles.access import RUNNING
from hub.data_folder import MEMBERSHIP_FILE, keep_membership, membership
from hub.settings import Settings
from hub.wiring import hub_door

WAITING: Final = ("APPLIED", "UNDER_REVIEW", "EXPERT_REVIEW")
ADMITTED: Final = (*RUNNING, "REGISTERED", "EXITING")
# What the folder keeps of an answer; the rest is told anew each time.
KEPT: Final = ("node", "name", "profile", "identifier", "client_id", "issuer", "audience")


@dataclass(frozen=True)
class Member:
    """`told` is the hub's last answer."""

    settings: Settings
    hub: str
    node: str
    told: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Raises:  NotJoined, FolderNotWritable."""
        known = membership(settings)
        if not known:
            raise NotJoined(folder=str(settings.data))
        return cls(settings, known["hub"], known["node"])

    @property
    def door(self) -> Any:
        return hub_door(self.settings, self.hub)

    @property
    def state(self) -> str:
        return str(self.told.get("state"))

    async def ask(self) -> Self:
        return await self.keep(await self.door.standing(self.node))

    async def keep(self, told: Mapping[str, Any]) -> Self:
        """Notes what lasts of an answer, and pins the hub's keys the first time it names them.

        Raises:  HubKeysChanged.
        """
        known = membership(self.settings)
        keys = (told.get("hub") or {}).get("signing_keys")
        self._check_pinned(known.get("hub_keys"), keys)
        lasting = {name: told[name] for name in KEPT if told.get(name)}
        pinned = {"hub_keys": keys} if keys else {}
        keep_membership(self.settings, {**known, "hub": self.hub, **lasting, **pinned})
        return type(self)(self.settings, self.hub, str(told["node"]), told)

    def _check_pinned(self, pinned: Any, named: Any) -> None:
        """Keys are rotated with overlap, so that one at least is known."""
        if pinned and named and not _kids(pinned) & _kids(named):
            file = self.settings.data / MEMBERSHIP_FILE
            raise HubKeysChanged(hub=self.hub, file=str(file))


def _kids(jwks: Mapping[str, Any]) -> set[str]:
    return {str(each.get("kid")) for each in jwks.get("keys", ())}
