"""The recipes of all templates of a profile."""

from collections.abc import Mapping
from typing import Final

from dataspace.federation.profile import Profile
from dataspace.federation.profiles.recipe import Recipe
from subspaces.recipes.tables import energy, finance, manufacturing

RECIPES: Final[Mapping[str, Mapping[str, Recipe]]] = {
    "finance": finance.RECIPES,
    "energy": energy.RECIPES,
    "manufacturing": manufacturing.RECIPES,
}


def recipes_of(profile: Profile | None) -> Mapping[str, Recipe]:
    """By the code of the template; none at the city's node, and of a profile of somebody else."""
    return RECIPES.get(profile.code, {}) if profile else {}
