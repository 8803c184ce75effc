"""Who may speak and who is cut off, as the hub says it to every node, and how old its word is.

The hub seals the list whenever somebody fetches it. With the answer to every heartbeat goes a
stamp that says which list holds now; a node fetches it when the stamp names another than it has,
so that a cut-off reaches every node with its next heartbeat.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from dataspace.errors import DataSpaceError, Exhausted, Refused, Unavailable
from dataspace.evidence import canonical
from dataspace.federation.flow.freshness import AGE_MINUTES_MAX
from dataspace.federation.signing import Jwks, Signatory
from dataspace.quantity import MomentInvalid, read_moment, written
from dataspace.text import Text

LIST: Final = "cityspace-standings+jws"
STAMP: Final = "cityspace-stamp+jws"
LIST_BYTES_MAX: Final = 4_194_304
# Who may not speak to any node, by status. Whoever merely does not answer may.
CUT_OFF: Final = frozenset({"ISOLATED", "REVOKED", "RETIRED"})
ADMITTED: Final = "ADMITTED"
# How old the word of the hub may be before a node that relies on it lets nobody in (fail closed),
# where the rulebook in force does not say.
AGE_MAX: Final = timedelta(minutes=AGE_MINUTES_MAX)


class NodeUnknown(Refused):
    """The token's client is no node of the register, or has no signing key there."""

    code = "node.unknown"
    title = Text("{node} is no node that this one knows", "{node} 不是本节点所知的节点")
    advice = Text(
        "Apply to the city's hub; a node that was just admitted is known within seconds.",
        "请向城市枢纽申请接入；刚获准接入的节点数秒内即可被识别。",
    )


class NodeIsolated(Refused):
    """Cut off by one action, for tokens that were issued before too."""

    code = "node.isolated"
    title = Text("{node} is cut off since {since}: {why}", "{node} 自 {since} 起已被隔离：{why}")
    advice = Text("Ask the operator of the city's hub.", "请联系城市枢纽运营方。")


class NodeRevoked(Refused):
    """Its credential was revoked, or it has left for good."""

    code = "node.revoked"
    title = Text(
        "{node} is {status} since {since}: {why}", "{node} 自 {since} 起状态为 {status}：{why}"
    )
    advice = Text("It has to apply anew.", "须重新申请接入。")


class NodeRateLimited(Exhausted):
    """More requests in this minute than the node is allowed."""

    code = "node.rate_limited"
    title = Text(
        "{node} may make {limit} requests a minute", "{node} 每分钟最多可发起 {limit} 次请求"
    )
    advice = Text(
        "Try again in {retry_after_seconds} seconds.", "请在 {retry_after_seconds} 秒后重试。"
    )


class StandingsTooOld(Unavailable):
    """The hub has not been heard for too long to know who is cut off; nobody is let in."""

    code = "standings.too_old"
    title = Text(
        "The hub's list of who is cut off is of {issued_at}, and holds for {minutes} minutes",
        "枢纽的隔离清单时间为 {issued_at}，有效期 {minutes} 分钟",
    )
    advice = Text(
        "Restore the connection to the hub; the list is fetched by itself.",
        "请恢复与枢纽的连接，清单将自动更新。",
    )


class StandingsInvalid(DataSpaceError):
    """What should be the hub's list was not sealed by it, is older than what is known, or cannot
    be read."""

    status = 502
    code = "standings.invalid"
    title = Text("The hub's list does not hold: {detail}", "枢纽清单无效：{detail}")
    advice = Text("What was known before stays in force.", "此前已知的清单继续有效。")


def too_old(issued_at: str, age_max: timedelta) -> StandingsTooOld:
    return StandingsTooOld(issued_at=issued_at, minutes=age_max // timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Entry:
    """One node. `why` is told to the node itself and to nobody else; `per_minute` is how many
    requests it may make, 0 where nobody has decided that."""

    node: str
    identifier: str
    status: str
    since: str
    address: str
    keys: Jwks = field(default_factory=dict)
    per_minute: int = 0
    why: str = ""

    @property
    def cut_off(self) -> bool:
        return self.status in CUT_OFF

    @property
    def told_status(self) -> str:
        return self.status if self.cut_off else ADMITTED

    def check(self) -> None:
        """Raises:  NodeIsolated, NodeRevoked."""
        if self.cut_off:
            refusal = NodeIsolated if self.status == "ISOLATED" else NodeRevoked
            why = self.why or "—"
            raise refusal(node=self.node, status=self.status, since=self.since, why=why)


NAMES: Final = tuple(each.name for each in fields(Entry))


@dataclass(frozen=True)
class Standings:
    """All nodes by id, as the hub had them at a moment."""

    issued_at: datetime
    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, entries: Iterable[Entry], now: datetime) -> "Standings":
        """Whether a node is ONLINE changes often and cuts nobody off: the list leaves it out."""
        told = [replace(each, why="", status=each.told_status) for each in entries]
        return cls(now, {each.node: each for each in told})

    @cached_property
    def digest(self) -> str:
        """The same as long as the same is said of the same nodes."""
        said = [asdict(self.entries[node]) for node in sorted(self.entries)]
        return sha256(canonical(said)).hexdigest()

    def entry(self, node: str, *, now: datetime, age_max: timedelta = AGE_MAX) -> Entry:
        """Raises:  NodeUnknown, StandingsTooOld."""
        self.check_age(now, age_max)
        if node not in self.entries:
            raise NodeUnknown(node=node[:80])
        return self.entries[node]

    def age(self, now: datetime) -> timedelta:
        return now - self.issued_at

    def check_age(self, now: datetime, age_max: timedelta = AGE_MAX) -> None:
        """Raises:  StandingsTooOld."""
        if self.age(now) > age_max:
            raise too_old(written(self.issued_at), age_max)

    def sealed(self, signatory: Signatory) -> str:
        entries = [asdict(self.entries[node]) for node in sorted(self.entries)]
        said = {"issued_at": written(self.issued_at), "nodes": entries}
        return signatory.seal(canonical(said), kind=LIST)

    def stamp(self, signatory: Signatory, *, node: str, at: datetime) -> str:
        """That this list holds, without the list; and, as a receipt, whose heartbeat was taken."""
        said = {
            "issued_at": written(self.issued_at), "digest": self.digest, "node": node,
            "at": written(at),
        }  # fmt: skip
        return signatory.seal(canonical(said), kind=STAMP)

    def renewed(self, stamp: str, signatory: Signatory, keys: Jwks) -> "Standings | None":
        """The same list as of the stamp's moment; None when the stamp is of another list.

        Raises:  StandingsInvalid.
        """
        said = _unsealed(stamp, signatory, keys, kind=STAMP)
        issued_at = self._not_before(said)
        return Standings(issued_at, self.entries) if said.get("digest") == self.digest else None

    def replaced(self, sealed: str, signatory: Signatory, keys: Jwks) -> "Standings":
        """Raises:  StandingsInvalid, also for a list that is older than this one."""
        said = _unsealed(sealed, signatory, keys, kind=LIST)
        issued_at = self._not_before(said)
        try:
            entries = [
                Entry(**{name: each[name] for name in NAMES if name in each})
                for each in said["nodes"]
            ]
        except (KeyError, TypeError) as error:
            raise StandingsInvalid(detail="nodes") from error
        return Standings(issued_at, {each.node: each for each in entries})

    def _not_before(self, said: Mapping[str, Any]) -> datetime:
        try:
            issued_at = read_moment(said["issued_at"])
        except (KeyError, TypeError, MomentInvalid) as error:
            raise StandingsInvalid(detail="issued_at") from error
        if issued_at < self.issued_at:
            raise StandingsInvalid(detail=f"{written(issued_at)} < {written(self.issued_at)}")
        return issued_at


def taken_at(stamp: str, signatory: Signatory, *, node: str) -> datetime | None:
    """When the hub, in whatever process, took a heartbeat of the node, by its own receipt."""
    payload = signatory.unsealed(stamp, signatory.keys, kind=STAMP)
    said = json.loads(payload) if payload else {}
    return read_moment(said["at"]) if said.get("node") == node else None


def _unsealed(sealed: str, signatory: Signatory, keys: Jwks, *, kind: str) -> Mapping[str, Any]:
    payload = signatory.unsealed(sealed, keys, kind=kind)
    if payload is None:
        raise StandingsInvalid(detail=kind)
    said = json.loads(payload)
    assert isinstance(said, dict), "what the hub seals is an object"
    return said
