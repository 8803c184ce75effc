"""A city with its staff, in one process: they speak GraphQL, days pass, jobs run, mail arrives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dataspace.caller import Caller, Role
from dataspace.change import ChangeSet, Create
from dataspace.jobs.table import JOBS
from dataspace.ports import Catalogue
from dataspace.rulebooks.adopting import written_rules
from dataspace.rulebooks.city import CITY_RULES
from dataspace.selection import EVERYTHING, POSITION, Condition, Page, Row, Selection
from hub.channels.smtp import SmtpChannel
from hub.node import Node
from hub.operations.notices.delivering import deliver_due, hand_out
from hub.scheduling.running import Bench
from hub.scheduling.scheduler import Scheduler
from hub.scheduling.work import WORK
from tests.build import an_act, caller_for
from tests.clock import FrozenClock
from tests.unit.api.asking import Asking, asking
from tests.unit.jobs.made_up import Heard, a_workshop, settled
from tests.unit.notices.receivers import MailServer
from tests.unit.operations.city import BANK, CENTRE, MARKET, a_node

# A Tuesday; the year that follows lies within the calendars that have been published.
BEGUN = datetime(2025, 5, 6, 1, tzinfo=UTC)
STAFF: Mapping[str, Caller] = {
    "steward": caller_for(Role.DATA_STEWARD, participant=MARKET),
    "registrar": caller_for(Role.REGISTRAR),
    "approver": caller_for(Role.REG_APPROVER),
    "reviewer1": caller_for(Role.AGENCY_REVIEWER1),
    "reviewer2": caller_for(Role.AGENCY_REVIEWER2),
    "banker": caller_for(Role.ORG_ADMIN, participant=BANK),
    "developer": caller_for(Role.DEVELOPER, Role.PRODUCT_PUBLISHER, participant=BANK),
    "operator": caller_for(Role.SUB_APPROVER, participant=CENTRE),
    "supervisor": caller_for(Role.SUPERVISOR),
    "sysadmin": caller_for(Role.SYSADMIN),
    "auditor": caller_for(Role.AUDITOR),
}
# As a city may set them: a registration that is renewed each year.
RULES: Mapping[str, Any] = {**CITY_RULES, "resource.validity_years_max": 1}


class Refused(Exception):
    """What GraphQL answered in place of data; `code` is that of the first problem."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__(problems)
        first = problems[0]
        self.code = str(first.get("extensions", first)["code"])


@dataclass
class StaffedCity:
    node: Node
    clock: FrozenClock
    ask: Asking
    scheduler: Scheduler
    heard: Heard
    mail: MailServer
    ids: dict[str, str] = field(default_factory=dict)

    async def query(self, who: str, query: str, **variables: Any) -> Any:
        """Raises:  Refused."""
        caller = STAFF[who] if who else Caller()
        body = await self.ask.body(query, variables, caller=caller, language="zh")
        if body.get("errors"):
            raise Refused(list(body["errors"]))
        return body["data"]

    async def do(self, who: str, mutation: str, shown: str = "id state", **given: Any) -> Any:
        """The object of the mutation's payload. Raises:  Refused."""
        input_type = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = (
            f"mutation Do($input: {input_type}!) {{ {mutation}(input: $input) "
            f"{{ object {{ {shown} }} problems {{ field code message }} }} }}"
        )
        payload = (await self.query(who, query, input=given))[mutation]
        if payload["problems"]:
            raise Refused(payload["problems"])
        return payload["object"]

    async def steps(self, kind: str, id_: str, *steps: tuple[str, str]) -> str:
        """Moves one object by (person, move); the state that it is in at the end."""
        state = ""
        for who, move in steps:
            state = (await self.do(who, f"{kind}{move}", id=id_))["state"]
        return state

    async def refusal(self, who: str, mutation: str, **given: Any) -> str:
        """The code by which it is refused."""
        try:
            await self.do(who, mutation, **given)
        except Refused as refused:
            return refused.code
        raise AssertionError(f"{mutation} was not refused")

    async def days(self, count: int, *, at_once: int = 1) -> None:
        """Days pass, and the leader is there each of them, or every so many."""
        left = count
        while left > 0:
            self.clock.advance(days=min(at_once, left))
            left -= at_once
            await self.scheduler.turn()
            await settled(self.scheduler)
            await self._mail_goes_out()

    async def _mail_goes_out(self) -> None:
        """As many turns as a running node takes in the meantime."""
        now = self.clock.now()
        while await hand_out(self.node, now) or (await deliver_due(self.node, now)).done:
            continue

    async def until(self, row: Callable[[], Any], state: str, *, days: int) -> int:
        """How many days passed until it was in the state; not more than `days`."""
        for passed in range(days + 1):
            if await row() == state:
                return passed
            await self.days(1)
        raise AssertionError(f"not {state} after {days} days: {await row()}")

    async def state(self, kind: str, id_: str, name: str = "state") -> Any:
        asked = f'{{ {kind}(id: "{id_}") {{ {name} }} }}'
        return (await self.query("auditor", asked))[kind][name]

    async def rows(self, kind: str, *fields: str, where: Condition = EVERYTHING) -> list[Row]:
        rows: list[Row] = []
        position, more = None, True
        while more:
            asked = Selection(kind, ("id", *fields), where, page=Page(100, position))
            found = await self.node.catalogue.select(asked)
            rows += found.rows
            more = found.more_after
            position = found.rows[-1][POSITION] if found.rows else None
        return rows


async def staffed(catalogue: Catalogue, folder: Path, mail: MailServer) -> StaffedCity:
    clock, heard = FrozenClock(BEGUN), Heard()
    node = await a_node(catalogue, clock)
    place = f"smtp://127.0.0.1:{mail.port}"
    node = replace(node, channels={"EMAIL": SmtpChannel(place, "space@city.example")})
    await catalogue.apply(_rulebook())
    scheduler = Scheduler(Bench(node, a_workshop(folder), heard.report), JOBS, WORK)
    city = StaffedCity(node, clock, asking(node), scheduler, heard, mail)
    await scheduler.turn()
    await settled(scheduler)
    return city


def _rulebook() -> ChangeSet:
    moment, act = "2025-01-01T00:00:00.000Z", an_act("rulebook.enter")
    space = {"code": "city", "name": "城市数据空间", "kind": "CITY", "tier": "CITY"}
    book = {
        "title": "规则册", "status": "DECIDED", "edition": 1, "tier": "CITY", "space": "spc_city",
        "takes_effect_at": moment, "created_at": moment,
        "rules": [{"name": name, "value": value} for name, value in written_rules(RULES)],
    }  # fmt: skip
    changes = (Create("space", "spc_city", space, act), Create("rulebook", "rbk_city", book, act))
    return ChangeSet("chs_rules_of_the_year", changes)
