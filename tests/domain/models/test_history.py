"""The moves of pointers from one state of a model to the next."""

from chalicelib.domain.models.history import PointerMove, moves
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer


def test_every_pointer_that_moved_is_told_aliases_first_and_each_by_name() -> None:
    before = Model(
        "fraud",
        aliases={"b": Pointer(1), "same": Pointer(1), "dropped": Pointer(2)},
        stages={"live": Pointer(1), "trail": Pointer(1, (2,))},
    )
    after = Model(
        "fraud",
        aliases={"b": Pointer(2, (1,)), "same": Pointer(1), "a": Pointer(2)},
        stages={"live": Pointer(None, (1,)), "trail": Pointer(1)},
    )
    assert moves(before, after) == (
        PointerMove("alias:a", 2, None),
        PointerMove("alias:b", 2, 1),
        PointerMove("alias:dropped", None, 2),
        PointerMove("stage:live", None, 1),
    )


def test_every_pointer_of_a_new_model_has_moved_from_nowhere() -> None:
    assert moves(None, Model("fraud", aliases={"a": Pointer(1)})) == (PointerMove("alias:a", 1, None),)
