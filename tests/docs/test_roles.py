"""The page of roles says of each what the machines say, and names the demonstration's people."""

from pathlib import Path

import pytest

from dataspace.caller import EXCLUSIVE, Role
from dataspace.lifecycle import MACHINES
from identity.issuer.demo import PEOPLE
from identity.issuer.directory import Account
from identity.issuer.roles import TITLES

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "roles.md"


def part(title: str) -> str:
    """The text below the heading, up to the next."""
    return PAGE.read_text("utf-8").partition(f"# {title}\n")[2].partition("\n## ")[0]


def row(title: str, first: str) -> list[str]:
    """The cells of the table row that begins with the word, below the heading."""
    found = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part(title).splitlines()
        if line.startswith(f"| `{first}` |")
    ]
    assert len(found) == 1, f"{first} stands in {len(found)} rows"
    return found[0]


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_name_and_exactly_its_moves(role: Role) -> None:
    _, called, moves = row("Roles: who may do what", role.value)
    assert called == f"{TITLES[role].en} {TITLES[role].zh}"
    may = {
        f"{machine.kind.capitalize()} ({machine.link})": [
            move.text.en for move in machine.moves if role in move.roles
        ]
        for machine in MACHINES.values()
    }
    told = "; ".join(f"{link}: {', '.join(names)}" for link, names in may.items() if names)
    assert moves == told if told else moves.startswith("None")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.username)
def test_every_person_of_the_demonstration_is_there(person: Account) -> None:
    _, name, organisation, roles = row("The people of the demonstration", person.username)
    assert name == f"{person.name.zh} {person.name.en}"
    assert f"(`{person.organisation.alias}`)" in organisation
    assert roles == ", ".join(f"`{role}`" for role in person.roles)


def test_what_excludes_each_other_is_told() -> None:
    told = part("Held by different people")
    for group in EXCLUSIVE:
        assert any(all(f"`{role}`" in line for role in group) for line in told.splitlines())
