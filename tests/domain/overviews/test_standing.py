"""Which versions of each stage an overview shows."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.newest import Newest
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.overviews.standing import shown_in_stages
from tests.domain.schemes.documents import scheme

NUMBERS = st.lists(st.integers(1, 99), min_size=8, max_size=8, unique=True).map(lambda one: sorted(one, reverse=True))
HOLDERS = st.dictionaries(st.sampled_from(["draft", "live", "gone"]), st.integers(100, 199))


def model(holders: dict[str, int], numbers: list[int]) -> Model:
    return Model(
        "fraud",
        last_version=199,
        stages={stage: Pointer(holder) for stage, holder in holders.items()},
        standing=dict.fromkeys(("draft", "live", "gone"), 50),
        newest=dict.fromkeys(("draft", "live", "gone"), Newest(tuple(numbers), numbers[-1])),
    )


@given(HOLDERS, NUMBERS, st.integers(3, 100))
def test_what_is_shown_fits_and_has_every_holder(holders: dict[str, int], numbers: list[int], room: int) -> None:
    shown = shown_in_stages(model(holders, numbers), scheme(), room)
    assert list(shown) == ["draft", "live", "gone"]
    assert sum(map(len, shown.values())) <= room
    for stage, standing in shown.items():
        assert list(standing) == sorted(standing, reverse=True)
        assert stage not in holders or holders[stage] in standing


def test_with_room_enough_every_stage_shows_the_newest_eight() -> None:
    numbers = [*range(50, 42, -1)]
    shown = shown_in_stages(model({"live": 50}, numbers), scheme(), 100)
    assert {stage: list(standing) for stage, standing in shown.items()} == dict.fromkeys(shown, numbers)


def test_where_room_is_short_every_stage_shows_as_many() -> None:
    shown = shown_in_stages(model({"live": 120}, [*range(50, 42, -1)]), scheme(), 8)
    assert shown == {"draft": (50, 49), "live": (120, 50, 49), "gone": (50, 49)}
