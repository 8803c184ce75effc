"""Builders with sensible defaults: a test names only what it is about.

Each gives the `Create` of one row; what a row refers to by default is made by `the_bureau()`.
"""

from typing import Any

from dataspace.caller import Caller, Role
from dataspace.change import Act, Change, ChangeSet, Create
from dataspace.identifiers import new_id
from dataspace.relations import RELATIONS
from dataspace.shape import Field, Type

BUREAU = "par_bureau"
NOON = "2026-06-01T12:00:00.000Z"


def an_act(action: str = "test.set_up", **more: Any) -> Act:
    return Act(**{"actor": "tester", "action": action, "at": NOON, **more})


def a_row(kind: str, id_: str, values: dict[str, Any], /, **more: Any) -> Create:
    """`more` are values too, except `act`; one that is None takes a default away."""
    act = more.pop("act", None) or an_act(f"{kind}.create")
    given = {name: value for name, value in {**values, **more}.items() if value is not None}
    return Create(kind, id_, given, act)


def the_bureau() -> Create:
    """The participant that all other rows refer to by default."""
    return a_participant(BUREAU, name="数据局 Data Bureau")


def a_participant(id_: str = "", **values: Any) -> Create:
    defaults = {"name": "水务局 Water Authority", "kind": "DEPARTMENT", "created_at": NOON}
    return a_row("participant", id_ or new_id("par"), defaults, **values)


def a_resource(id_: str = "", **values: Any) -> Create:
    defaults = {
        "name": "用水量 Water consumption",
        "state": "PUBLISHED",
        "audience": "PUBLIC",
        "provider": BUREAU,
        "created_at": NOON,
    }
    return a_row("resource", id_ or new_id("res"), defaults, **values)


def an_authorisation(id_: str = "", *, resources: list[str], **values: Any) -> Create:
    id_ = id_ or new_id("aut")
    defaults = {
        "code": f"A-{id_}",
        "title": "信贷评估 Credit assessment",
        "state": "IN_FORCE",
        "mode": "SCENARIO",
        "purpose": "Assess the credit of small firms",
        "right_kind": "OPERATING",
        "grantor": BUREAU,
        "grantee": BUREAU,
        "resources": resources,
        "created_at": NOON,
    }
    return a_row("authorisation", id_, defaults, **values)


def a_product(id_: str = "", **values: Any) -> Create:
    defaults = {
        "name": "企业用水画像 Water profile of firms",
        "summary": "How a firm's use of water develops",
        "state": "LISTED",
        "audience": "PUBLIC",
        "form": "API",
        "use_kind": "INDUSTRY",
        "grade": 2,
        "price_fen": 50,
        "price_unit": "CALL",
        "usage_policy": "For credit assessment only",
        "owner": BUREAU,
        "created_at": NOON,
    }
    return a_row("product", id_ or new_id("prd"), defaults, **values)


def a_filed_agreement(id_: str, grantee: str, **values: Any) -> Create:
    """An operation agreement that both signed, archived and on file."""
    defaults = {
        "code": f"XY-{id_}", "title": "运营协议 Operation agreement", "state": "ARCHIVED",
        "right_kind": "OPERATING", "grantor": BUREAU, "grantee": grantee,
        "valid_until": "2031-06-01T00:00:00.000Z", "filing_code": f"BA-{id_}", "created_at": NOON,
    }  # fmt: skip
    return a_row("agreement", id_, defaults, **values)


def a_complaint(id_: str = "", **values: Any) -> Create:
    id_ = id_ or new_id("cpl")
    defaults = {
        "code": f"TS-{id_}", "matter": "数据久未更新 Stale data", "detail": "Since March",
        "channel": "ONLINE", "about": "SERVICE", "state": "LODGED", "submitted_at": NOON,
        "created_at": NOON,
    }  # fmt: skip
    return a_row("complaint", id_, defaults, **values)


def a_case(kind: str, id_: str = "", **values: Any) -> Create:
    """A row of any noun of the links: what must be there is, where the test names nothing."""
    noun = RELATIONS.by_name[kind]
    id_ = id_ or new_id(noun.prefix)
    defaults: dict[str, Any] = {
        field.name: _plain(field, id_) for field in noun.fields if field.must
    }
    defaults |= {e.name: BUREAU for e in noun.edges if e.must and e.target == "participant"}
    return a_row(kind, id_, {**defaults, "created_at": NOON}, **values)


def _plain(field: Field, id_: str) -> Any:
    match field.type:
        case Type.CODE:
            assert field.table is not None
            return next(iter(field.table.codes))
        case Type.NUMBER:
            return 1
        case Type.FLAG:
            return True
        case Type.MOMENT:
            return "2027-06-01T00:00:00.000Z"
        case _:
            return f"{field.name} of {id_}"[: field.length_max]


def a_topic(id_: str = "", **values: Any) -> Create:
    id_ = id_ or new_id("top")
    return a_row("topic", id_, {"code": id_[-20:], "name": "资源环境"}, **values)


def a_space(id_: str = "", **values: Any) -> Create:
    id_ = id_ or new_id("spc")
    defaults = {"code": id_, "name": "金融子空间", "kind": "SUBSPACE", "tier": "SUBSPACE"}
    return a_row("space", id_, defaults, **values)


def a_rulebook(id_: str = "", **values: Any) -> Create:
    id_ = id_ or new_id("rbk")
    defaults = {"title": "金融规则 Rules of finance", "status": "DRAFT", "tier": "SUBSPACE"}
    return a_row("rulebook", id_, defaults, **values)


def an_asset(id_: str = "", **values: Any) -> Create:
    defaults = {
        "file_name": "sample.csv",
        "media_type": "text/csv",
        "bytes": 3,
        "sha256": "0" * 64,
        "keeper": BUREAU,
    }
    return a_row("asset", id_ or new_id("ast"), defaults, **values)


def a_job_run(job: str, **values: Any) -> Create:
    """It took a minute, a minute before noon."""
    at = "2026-06-01T11:59:00.000Z"
    defaults = {
        "key": f"{job}@{at}", "job": job, "business_time": at, "state": "DONE",
        "cause": "FIRING", "started": at, "finished": NOON, "attempts": 1,
    }  # fmt: skip
    return a_row("job_run", new_id("run"), defaults, **values)


def a_change_set(*changes: Change, id_: str = "") -> ChangeSet:
    return ChangeSet(id_ or new_id("chs"), changes)


def a_chain() -> ChangeSet:
    """A bureau, its resource, an authorisation over that, and a product that rests on both."""
    return a_change_set(
        the_bureau(),
        a_resource("res_water"),
        an_authorisation("aut_credit", resources=["res_water"]),
        a_product("prd_profile", resources=["res_water"], authorisations=["aut_credit"]),
    )


def caller_for(*roles: Role, participant: str = BUREAU, **more: Any) -> Caller:
    """A signed-in caller with the roles; the subject is that of the first role unless given."""
    subject = "-".join(["usr", *sorted(roles)[:1]])
    defaults = {"subject": subject, "name": subject, "spaces": ()}
    return Caller(roles=frozenset(roles), participant=participant, **{**defaults, **more})
