"""The newest version of a stage is known from the head, or from where to look for it is."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.newest import MAX_KEPT, Newest

STAGES = ("None", "Staging", "Archived")
MOVES = st.lists(st.tuples(st.integers(1, 40), st.sampled_from([*STAGES, None])), max_size=120)


@given(MOVES)
def test_whatever_moves_the_head_knows_the_newest_of_each_stage_or_from_where_to_look(
    moves: list[tuple[int, str | None]],
) -> None:
    model, stands = Model("fraud", last_version=40), dict[int, str]()
    for number, to_stage in moves:
        if stands.get(number) == to_stage:
            continue
        model = model.with_moved(number, stands.get(number), to_stage)
        if to_stage is None:
            del stands[number]
        else:
            stands[number] = to_stage
    for stage in STAGES:
        truth = sorted((number for number, at in stands.items() if at == stage), reverse=True)
        known = model.newest_in(stage)
        assert known.numbers == tuple(truth[: len(known.numbers)])
        assert model.standing.get(stage, 0) == len(truth)
        assert all(number <= known.rest for number in truth[len(known.numbers) :])
        assert len(known.numbers) <= MAX_KEPT


def test_versions_that_only_come_are_known_newest_first() -> None:
    model = Model("fraud")
    for number in range(1, 100):
        model = model.with_moved(number, None, "None")
    assert model.newest_in("None") == Newest((99, 98, 97, 96, 95, 94, 93, 92), 91)


def test_a_head_from_before_this_was_kept_says_to_look_from_the_last_version_on() -> None:
    model = Model("fraud", last_version=7, standing={"None": 3})
    assert model.newest_in("None") == Newest((), 7)
    assert model.newest_in("Staging") == Newest()
    # What leaves cannot be told from what never was there; what comes later is newer than all of it.
    assert model.with_moved(7, "None", None).with_moved(8, None, "None").newest_in("None") == Newest((8,), 7)
