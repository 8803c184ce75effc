"""Which profiles there are: ours, those of installed packages, and those in TOML files.

A package offers one by an entry point of the group `cityspace.profiles` that names a `Profile`;
a file is named by its path. Neither needs a change of ours.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path
from typing import Final

from dataspace.federation.profile import Profile
from dataspace.federation.profiles.checking import check
from dataspace.federation.profiles.reading import read_profile
from dataspace.federation.profiles.refusals import (
    ProfileFileUnreadable,
    ProfileNotLoaded,
    ProfileTaken,
    ProfileUnknown,
)
from subspaces.energy import ENERGY
from subspaces.finance import FINANCE
from subspaces.manufacturing import MANUFACTURING

GROUP: Final = "cityspace.profiles"
OURS: Final[Mapping[str, Profile]] = {each.code: each for each in (FINANCE, ENERGY, MANUFACTURING)}
FILE: Final = ".toml"


def names() -> list[str]:
    """Ours, then those of installed packages; whether they hold is found when they are loaded."""
    return [*OURS, *sorted(offered().names - OURS.keys())]


@cache
def offered() -> EntryPoints:
    """By the packages that are installed when it is first asked: reading what each of them offers
    takes a twentieth of a second."""
    return entry_points(group=GROUP)


def profile_named(name: str) -> Profile:
    """The profile of a name, or in the TOML file at a path; it holds.

    Raises:  ProfileUnknown, ProfileTaken, ProfileNotLoaded, ProfileFileUnreadable, ProfileInvalid.
    """
    if name.endswith(FILE):
        return profile_in(Path(name))
    offers = tuple(offered().select(name=name))
    if len(offers) + (name in OURS) > 1:
        told = ", ".join(sorted(each.value for each in offers))
        raise ProfileTaken(profile=name, offered=told)
    if offers:
        return _loaded(offers[0])
    if name not in OURS:
        raise ProfileUnknown(profile=name, known=", ".join(names()))
    return OURS[name]


def profile_in(path: Path) -> Profile:
    """Raises:  ProfileFileUnreadable, ProfileInvalid."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ProfileFileUnreadable(file=str(path), detail=error.strerror or "") from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise ProfileFileUnreadable(file=str(path), detail=str(error)) from error
    profile = read_profile(values)
    check(profile)
    return profile


def _loaded(offer: EntryPoint) -> Profile:
    """What somebody else's package gives is looked at before it is believed."""
    try:
        found = offer.load()
    except Exception as error:
        raise ProfileNotLoaded(profile=offer.name, detail=repr(error)) from error
    if not isinstance(found, Profile) or found.code != offer.name:
        raise ProfileNotLoaded(profile=offer.name, detail=f"{offer.value}: {type(found).__name__}")
    check(found)
    return found
