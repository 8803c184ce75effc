"""What is sent to the hub, and what it answers: the two forms on the way, and how they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from dataspace.errors import DataSpaceError, Invalid, advice_for
from dataspace.federation.queue.codes import DONE, REFUSED
from dataspace.federation.refusals import PeerMalformed
from dataspace.text import Text

TEXT_CHARACTERS_MAX: Final = 1000
GIVEN_MAX: Final = 20
NOTHING: Final = Text("", "")
_ID: Final = re.compile(r"hrq_[A-Za-z0-9_-]{8,60}")


class AskedMalformed(Invalid):
    """What a node sends is no request to the hub."""

    code = "hub_queue.asked_malformed"
    title = Text("The request cannot be read: {what}", "报送内容无法读取：{what}")
    advice = Text("Compare the versions of the two nodes.", "请比对双方版本。")


@dataclass(frozen=True, slots=True)
class HubAsked:
    """`id` is that of the request at the node: the hub does it once, however often it arrives.
    `asked_by` is the subject of who asked. One that is `lapsed` the node would send no more, if it
    knew that the hub has not done it: the hub says what it did, and does nothing."""

    id: str
    act: str
    given: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    asked_by: str = ""
    lapsed: bool = False

    def told(self) -> dict[str, Any]:
        return {
            "id": self.id, "act": self.act, "given": dict(self.given), "reason": self.reason,
            "asked_by": self.asked_by, "lapsed": self.lapsed,
        }  # fmt: skip

    @classmethod
    def read(cls, said: Any) -> Self:
        """Raises:  AskedMalformed."""
        if not isinstance(said, dict):
            raise AskedMalformed(what="object")
        id_, act, reason = (said.get(name) for name in ("id", "act", "reason"))
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            raise AskedMalformed(what="id")
        if not isinstance(act, str) or not isinstance(reason, str):
            raise AskedMalformed(what="act, reason")
        given = said.get("given")
        if not isinstance(given, dict) or len(given) > GIVEN_MAX:
            raise AskedMalformed(what="given")
        if not all(isinstance(each, str) for pair in given.items() for each in pair):
            raise AskedMalformed(what="given")
        asked_by, lapsed = said.get("asked_by", ""), said.get("lapsed", False)
        if not isinstance(asked_by, str) or not isinstance(lapsed, bool):
            raise AskedMalformed(what="asked_by, lapsed")
        return cls(id_, act[:40], given, reason, asked_by, lapsed)


@dataclass(frozen=True, slots=True)
class HubAnswer:
    """`state` is DONE or REFUSED. Of what was done the object at the hub and its record of
    evidence; of what was refused the code, and in words why, and what may be done about it."""

    state: str
    kind: str = ""
    object: str = ""
    revision: int = 0
    code: str = ""
    message: Text = NOTHING
    advice: Text = NOTHING

    @classmethod
    def refused(cls, error: DataSpaceError) -> Self:
        message = Text(error.message("en"), error.message("zh"))
        advice = Text(advice_for(error, "en"), advice_for(error, "zh"))
        return cls(REFUSED, code=error.code, message=_short(message), advice=_short(advice))

    @property
    def words(self) -> str:
        """In both languages, as it is kept."""
        said = (self.message.zh, self.message.en, self.advice.zh, self.advice.en)
        return " ".join(filter(None, said))[: 2 * TEXT_CHARACTERS_MAX - 1]

    def told(self) -> dict[str, Any]:
        if self.state == DONE:
            return {
                "state": DONE, "kind": self.kind, "object": self.object, "revision": self.revision,
            }  # fmt: skip
        both = {
            name: {"en": text.en, "zh": text.zh}
            for name, text in (("message", self.message), ("advice", self.advice))
        }
        return {"state": REFUSED, "code": self.code, **both}

    @classmethod
    def read(cls, said: Any) -> Self:
        """Raises:  PeerMalformed."""
        try:
            if said["state"] == DONE:
                kind, object_ = str(said["kind"])[:40], str(said["object"])[:40]
                return cls(DONE, kind, object_, int(said["revision"]))
            if said["state"] == REFUSED:
                message, advice = (_read(said[name]) for name in ("message", "advice"))
                return cls(REFUSED, code=str(said["code"])[:120], message=message, advice=advice)
        except (KeyError, TypeError, ValueError) as error:
            raise PeerMalformed(what="answer to a request") from error
        raise PeerMalformed(what="answer to a request")


def _read(said: Mapping[str, Any]) -> Text:
    return _short(Text(str(said["en"]), str(said["zh"])))


def _short(text: Text) -> Text:
    return Text(text.en[: TEXT_CHARACTERS_MAX // 2], text.zh[: TEXT_CHARACTERS_MAX // 2])
