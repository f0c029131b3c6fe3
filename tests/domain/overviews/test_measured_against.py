"""Which version a version is measured against."""

from dataclasses import replace

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.overviews.measured_against import Held, measured_against
from tests.domain.schemes.documents import scheme

FRAUD = Model("fraud", stages={"draft": Pointer(4), "live": Pointer(2)})
STAGES = [
    {"name": "draft"},
    {"name": "trial", "exclusive": True},
    {"name": "live", "exclusive": True},
    {"name": "gone"},
]


def test_a_version_is_measured_against_the_champion() -> None:
    model = replace(FRAUD, aliases={"champion": Pointer(1)})
    assert measured_against(model, scheme(), 3) == Held("alias:champion", 1)


def test_the_champion_is_not_measured_against_who_holds_a_stage() -> None:
    model = replace(FRAUD, aliases={"champion": Pointer(1)})
    assert measured_against(model, scheme(), 1) is None


def test_without_a_champion_the_holder_of_the_last_exclusive_stage_counts() -> None:
    held = replace(FRAUD, aliases={"champion": Pointer(None, (1,))}, stages={**FRAUD.stages, "trial": Pointer(3)})
    assert measured_against(held, scheme(stages=STAGES), 4) == Held("stage:live", 2)
    assert measured_against(held, scheme(stages=STAGES), 2) is None
    empty = replace(held, stages={"trial": Pointer(3), "live": Pointer(None, (2,))})
    assert measured_against(empty, scheme(stages=STAGES), 4) == Held("stage:trial", 3)


def test_where_no_exclusive_stage_is_held_there_is_nothing_to_measure_against() -> None:
    assert measured_against(Model("fraud", stages={"draft": Pointer(4)}), scheme(), 3) is None
