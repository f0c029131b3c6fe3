"""Where a pointer points after each kind of move, and what its trail remembers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.models.pointers import MAX_TRAIL, Pointer, without_version

NUMBERS = st.integers(1, 6)
POINTERS = st.builds(Pointer, st.none() | NUMBERS, st.lists(NUMBERS, unique=True, max_size=5).map(tuple)).filter(
    lambda pointer: pointer.version not in pointer.trail
)


@pytest.mark.parametrize(
    ("pointer", "number", "moved"),
    [
        (Pointer(), 1, Pointer(1)),
        (Pointer(1), 2, Pointer(2, (1,))),
        (Pointer(2, (1,)), 3, Pointer(3, (1, 2))),
        (Pointer(2, (1,)), 1, Pointer(1, (2,))),
        (Pointer(None, (1, 2)), 3, Pointer(3, (1, 2))),
        (Pointer(None, (1, 2)), 1, Pointer(1, (2,))),
        (Pointer(2, (2, 1)), 3, Pointer(3, (1, 2))),
    ],
)
def test_the_version_that_a_pointer_leaves_is_the_newest_of_its_trail(
    pointer: Pointer, number: int, moved: Pointer
) -> None:
    assert pointer.moved_to(number) == moved


def test_a_trail_keeps_the_last_twenty() -> None:
    pointer = Pointer()
    for number in range(1, 40):
        pointer = pointer.moved_to(number)
    assert pointer == Pointer(39, tuple(range(19, 39))) and len(pointer.trail) == MAX_TRAIL == 20
    assert pointer.vacated() == Pointer(None, tuple(range(20, 40)))


@pytest.mark.parametrize(
    ("pointer", "vacated"),
    [
        (Pointer(3, (1, 2)), Pointer(None, (1, 2, 3))),
        (Pointer(1, (1, 2)), Pointer(None, (2, 1))),
        (Pointer(None, (1,)), Pointer(None, (1,))),
        (Pointer(), Pointer()),
    ],
)
def test_a_pointer_that_is_vacated_remembers_its_version(pointer: Pointer, vacated: Pointer) -> None:
    assert pointer.vacated() == vacated


def test_two_roll_backs_go_back_two_steps() -> None:
    once = Pointer(3, (1, 2)).rolled_back()
    assert once == Pointer(2, (1,))
    assert once.rolled_back() == Pointer(1)
    assert Pointer(1).rolled_back() is None


def test_returning_to_an_earlier_version_drops_it_and_the_later_ones_from_the_trail() -> None:
    pointer = Pointer(4, (1, 2, 3))
    assert pointer.returned_to(2) == Pointer(2, (1,))
    assert pointer.returned_to(1) == Pointer(1)
    with pytest.raises(ValueError, match="not in tuple"):
        pointer.returned_to(4)


@given(POINTERS, NUMBERS)
def test_a_version_that_is_gone_for_good_is_nowhere_in_the_pointer(pointer: Pointer, number: int) -> None:
    rest = pointer.without(number)
    assert rest.version == (None if pointer.version == number else pointer.version)
    assert rest.trail == tuple(one for one in pointer.trail if one != number)


@pytest.mark.parametrize(
    ("pointer", "number", "left"),
    [
        (Pointer(3, (1, 2)), 3, Pointer(2, (1,))),
        (Pointer(3, (1, 2)), 1, Pointer(3, (2,))),
        (Pointer(3), 3, Pointer()),
        (Pointer(), 3, Pointer()),
    ],
)
def test_a_shared_stage_that_a_version_leaves_points_at_the_one_before(
    pointer: Pointer, number: int, left: Pointer
) -> None:
    assert pointer.left_by(number) == left


def test_pointers_that_are_empty_without_a_version_are_left_out() -> None:
    pointers = {"a": Pointer(1), "b": Pointer(1, (2,)), "c": Pointer(2, (1,)), "d": Pointer(None, (1,))}
    assert without_version(pointers.items(), 1) == {"b": Pointer(None, (2,)), "c": Pointer(2)}
