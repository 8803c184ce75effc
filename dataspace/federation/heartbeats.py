"""What a heartbeat says, and what follows from those that come and those that do not.

A node that is silent for three beats counts as OFFLINE. One that comes and goes is ONLINE at once
a few times an hour; after that only when it has beaten steadily for a while, so that a bad line
does not flood records and notices, and the last word is that it cannot be relied on.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from dataspace.errors import Invalid
from dataspace.text import Text

BEAT_SECONDS: Final = 5
SILENT: Final = timedelta(seconds=3 * BEAT_SECONDS)
# Changes of status in an hour that are believed at once, and how long it has to be steady after.
CHANGES_AT_ONCE: Final = 4
CHANGES_WITHIN: Final = timedelta(hours=1)
STEADY: Final = timedelta(minutes=10)
# How often the moment of the last heartbeat is written although nothing else has changed.
NOTED_EVERY: Final = timedelta(hours=1)
COUNT_MAX: Final = 1 << 53
TEXT_CHARACTERS_MAX: Final = 80
TEXTS: Final = ("version", "state", "standings")
NUMBERS: Final = ("revision", "resources", "products")


class HeartbeatInvalid(Invalid):
    """A heartbeat says something that no node of this version says."""

    code = "heartbeat.invalid"
    title = Text("This is no heartbeat: {field}", "心跳内容有误：{field}")
    advice = Text("Compare the versions of the two nodes.", "请比对双方节点的版本。")


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`version` is that of the software; `state` what the node says of itself (`ready`,
    `degraded`, `down`); `revision` the last of its catalogue; `standings` the digest of the
    hub's list that it has.
    """

    version: str
    state: str
    revision: int
    resources: int = 0
    products: int = 0
    standings: str = ""

    @classmethod
    def of(cls, said: Any) -> "Heartbeat":
        """Raises:  HeartbeatInvalid. What a later version says beside is passed over."""
        if not isinstance(said, dict):
            raise HeartbeatInvalid(field="{}")
        for name in TEXTS:
            text = said.get(name, "")
            if not isinstance(text, str) or len(text) > TEXT_CHARACTERS_MAX:
                raise HeartbeatInvalid(field=name)
        for name in NUMBERS:
            number = said.get(name, 0)
            if type(number) is not int or not 0 <= number < COUNT_MAX:
                raise HeartbeatInvalid(field=name)
        if not said.get("version"):
            raise HeartbeatInvalid(field="version")
        known = {name: said[name] for name in (*TEXTS, *NUMBERS) if name in said}
        return cls(**{"state": "", "revision": 0, **known})

    @property
    def says(self) -> tuple[str, str]:
        """What is worth writing down when it changes."""
        return self.version, self.state

    @property
    def told(self) -> Mapping[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Pulse:
    """What one process remembers of a node's heartbeats."""

    last_at: datetime
    beat: Heartbeat
    steady_since: datetime
    changes: deque[datetime] = field(default_factory=lambda: deque(maxlen=CHANGES_AT_ONCE + 1))
    noted_at: datetime | None = None
    noted_as: tuple[str, str] = ("", "")

    def hear(self, beat: Heartbeat, now: datetime) -> None:
        if now - self.last_at > SILENT:
            self.steady_since = now
        self.last_at, self.beat = now, beat

    def silent(self, now: datetime) -> bool:
        return now - self.last_at > SILENT

    def believed(self, now: datetime) -> bool:
        """Whether a node that was OFFLINE counts as ONLINE by this beat."""
        lately = [at for at in self.changes if now - at <= CHANGES_WITHIN]
        return len(lately) < CHANGES_AT_ONCE or now - self.steady_since >= STEADY

    def noted(self, now: datetime, *, changed: bool) -> None:
        self.noted_at, self.noted_as = now, self.beat.says
        if changed:
            self.changes.append(now)

    def due(self, now: datetime) -> bool:
        """Whether it is time to write the moment of the last heartbeat, or what it says anew: a
        node that says something else with each beat is not written down each time."""
        if self.noted_at is None:
            return True
        rest = NOTED_EVERY if self.beat.says == self.noted_as else STEADY
        return now - self.noted_at >= rest


@dataclass(slots=True)
class Presence:
    """The pulses that this process has heard, by the id of the node.

    `since` is when it began to listen: before it has listened for a while it knows of no silence.
    """

    pulses: dict[str, Pulse] = field(default_factory=dict)
    since: datetime | None = None

    def hear(self, node: str, beat: Heartbeat, now: datetime) -> Pulse:
        """A node that was not heard before has been steady until now, for all that is known."""
        if self.since is None:
            self.since = now
        pulse = self.pulses.setdefault(node, Pulse(now, beat, now))
        pulse.hear(beat, now)
        return pulse

    def silent(self, node: str, now: datetime) -> bool:
        """Whether this process has waited in vain for long enough."""
        if self.since is None:
            self.since = now
        heard = self.pulses.get(node)
        return heard.silent(now) if heard else now - self.since > SILENT
