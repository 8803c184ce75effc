"""The end of the catalogue's contract: whatever is done and asked, it answers as the model does."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataspace import evidence
from dataspace.ports import Catalogue
from dataspace.selection import POSITION, Page, Selection
from tests.contract.answers import a_corpus, done, plain
from tests.contract.dice import KINDS, Dice
from tests.contract.dictionary_catalogue import DictionaryCatalogue

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class RandomContract:
    """`rounds` is how long a sequence is, for an adapter on which each answer costs seconds."""

    rounds = 120

    @pytest.fixture
    async def twins(self, catalogue: Catalogue) -> tuple[Catalogue, DictionaryCatalogue, Dice]:
        """The catalogue and the model after the same changes, and the dice that threw them."""
        dice, change_sets = a_corpus()
        model = DictionaryCatalogue()
        for each in change_sets:
            assert await done(catalogue, each) == await done(model, each), each
        return catalogue, model, dice

    @SHARED
    @given(st.integers(0, 2**32))
    async def test_any_selection_is_answered_as_the_model_answers_it(
        self, twins: tuple[Catalogue, DictionaryCatalogue, Dice], seed: int
    ) -> None:
        catalogue, model, dice = twins
        await same(catalogue, model, Dice(Random(seed), dice.ids, dice.thrown).selection())

    @pytest.mark.parametrize(
        "seed", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in (1, 2, 3))]
    )
    async def test_any_sequence_of_changes_and_selections_is_answered_as_the_model_answers_it(
        self, catalogue: Catalogue, seed: int
    ) -> None:
        model, dice = DictionaryCatalogue(), Dice(Random(seed))
        for _ in range(self.rounds):
            change_set = dice.change_set(4)
            assert await done(catalogue, change_set) == await done(model, change_set), change_set
            if dice.chance(2):
                await same(catalogue, model, dice.selection())
        log = await catalogue.changes_since(0, 10_000)
        assert log == await model.changes_since(0, 10_000)
        assert list(evidence.verify(log)) == []
        for _ in range(self.rounds // 6):
            at = dice.random.randint(0, len(log))
            past = replace(dice.selection(), at=at)
            still = dice.condition(past.kind, 2) if dice.chance(2) else None
            await same(catalogue, model, replace(past, still=still))
        for kind in KINDS:
            await same(catalogue, model, Selection(kind, page=Page(100), total=True))


async def same(catalogue: Catalogue, model: DictionaryCatalogue, selection: Selection) -> None:
    """The page that is asked for, and the pages on both sides of each of its ends."""
    expected = await model.select(selection)
    assert plain(await catalogue.select(selection)) == plain(expected), selection
    for row in (*expected.rows[:1], *expected.rows[-1:]):
        for backwards in (False, True):
            page = Page(selection.page.size, row[POSITION], backwards)
            beside = replace(selection, page=page)
            assert plain(await catalogue.select(beside)) == plain(await model.select(beside)), (
                beside
            )
