"""The people and programs of a demonstration: one person for every desk of the city.

Passwords are random for each data directory. They can be read again only from `logins.json`,
which its owner alone may read and which exists only while the directory is a demonstration.
"""

from dataclasses import dataclass, field
from pathlib import Path

from dataspace.caller import Role
from dataspace.identifiers import derived_id
from dataspace.text import Text
from identity.issuer import folder as files
from identity.issuer.directory import Account, Client, Directory, Organisation, Person
from identity.issuer.passwords import random_password

LOGINS = "logins.json"
CONSOLE = Client("cityspace-console", public=True, redirect_paths=("/graphql", "/console/*"))
COMMAND_LINE = Client("cityspace-cli", public=True, password_grant=True)


@dataclass(frozen=True, slots=True)
class Login:
    """One way into a demonstration; `participant` is the organisation's id in the catalogue."""

    username: str
    password: str = field(repr=False)
    name: Text
    roles: tuple[Role, ...]
    organisation: Text
    participant: str


def organisation(alias: str, en: str, zh: str) -> Organisation:
    """The same alias always gives the same ids: the demo city's generator names it alike."""
    return Organisation(
        alias, derived_id("org", "demo", alias), derived_id("par", "demo", alias), Text(en, zh)
    )


BUREAU = organisation("data-bureau", "City Data Bureau", "市数据局")
CENTRE = organisation("big-data-centre", "City Big Data Centre", "市大数据中心")
REGULATOR = organisation("market-regulator", "Market Regulation Bureau", "市市场监管局")
BANK = organisation("city-bank", "City Bank", "城市银行")
GRID = organisation("energy-grid", "City Power Grid", "城市电网公司")


def _account(username: str, name: Text, at: Organisation, *roles: Role) -> Account:
    return Account(derived_id("per", "demo", username), username, name, roles, at)


PEOPLE: tuple[Account, ...] = (
    _account("steward", Text("Li Wen", "李文"), REGULATOR, Role.DATA_STEWARD, Role.DATA_REQUESTER),
    _account("registrar", Text("Zhang Min", "张敏"), BUREAU, Role.REGISTRAR),
    _account("approver", Text("Wang Fang", "王芳"), BUREAU, Role.REG_APPROVER),
    _account("reviewer1", Text("Liu Yang", "刘洋"), BUREAU, Role.AGENCY_REVIEWER1),
    _account("reviewer2", Text("Chen Jing", "陈静"), BUREAU, Role.AGENCY_REVIEWER2),
    _account("developer", Text("Zhao Lei", "赵磊"), BANK, Role.DEVELOPER, Role.PRODUCT_PUBLISHER),
    _account(
        "grid", Text("Lin Hui", "林慧"), GRID,
        Role.ORG_ADMIN, Role.DEVELOPER, Role.PRODUCT_PUBLISHER,
    ),
    _account("operator", Text("Sun Hao", "孙浩"), CENTRE, Role.ORG_ADMIN, Role.SUB_APPROVER),
    _account("supervisor", Text("Zhou Ning", "周宁"), BUREAU, Role.SUPERVISOR),
    _account("admin", Text("Wu Tao", "吴涛"), BUREAU, Role.PLATFORM_ADMIN),
    _account("admin2", Text("He Ying", "何颖"), BUREAU, Role.PLATFORM_ADMIN),
    _account("auditor", Text("Zheng Yi", "郑怡"), BUREAU, Role.AUDITOR),
)


HUB = Client(
    "city-hub",
    password_grant=True,
    account=_account("service-account-city-hub", Text("City hub", "城市枢纽"), BUREAU),
    demo=True,
)


def settle(folder: Path, directory: Directory, *, demo: bool) -> None:
    """Makes the people and programs that are missing, or takes the demo's secrets out of sight."""
    with files.locked(folder, "settling"):
        for client in (CONSOLE, COMMAND_LINE):
            if directory.client(client.client_id) != client:
                directory.add_client(client)
        if demo:
            _settle_demo(folder, directory)
        else:
            (folder / LOGINS).unlink(missing_ok=True)


def _settle_demo(folder: Path, directory: Directory) -> None:
    shown = files.read_json(folder / LOGINS, {"people": {}, "clients": {}})
    present = directory.people()
    for account in PEOPLE:
        person = present.get(account.username)
        if person is None or account.username not in shown["people"]:
            shown["people"][account.username] = random_password()
        elif person.account == account:
            continue
        directory.add_person(Person(account, demo=True), shown["people"][account.username])
    if directory.client(HUB.client_id) is None or HUB.client_id not in shown["clients"]:
        shown["clients"][HUB.client_id] = random_password()
        directory.add_client(HUB, shown["clients"][HUB.client_id])
    files.write_json(folder / LOGINS, shown)


def logins(folder: Path) -> list[Login]:
    """The demo people with their passwords; none outside a demonstration."""
    known = files.read_json(folder / LOGINS, {"people": {}})["people"]
    return [
        Login(
            person.username,
            known[person.username],
            person.name,
            person.roles,
            person.organisation.name,
            person.organisation.participant,
        )
        for person in PEOPLE
        if person.username in known
    ]


def desks() -> list[Login]:
    """Who works at the desks of the demo city, without their passwords."""
    return [
        Login(
            each.username, "", each.name, each.roles,
            each.organisation.name, each.organisation.participant,
        )
        for each in PEOPLE
    ]  # fmt: skip
