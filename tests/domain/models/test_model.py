"""What a model knows of its aliases, requests and stages."""

import pytest

from chalicelib.domain.errors import AliasNotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.newest import Newest
from chalicelib.domain.models.pointers import Pointer
from tests.domain.build import NOW, stamp

MODEL = Model(
    "fraud",
    aliases={"b": Pointer(1), "a": Pointer(1), "c": Pointer(2), "former": Pointer(None, (1,))},
    stages={"live": Pointer(2)},
    open_requests={4: (1, "live"), 3: (2, "live"), 2: (1, "gone")},
)


def test_the_aliases_and_requests_of_a_version_are_in_order() -> None:
    assert MODEL.aliases_of(1) == ("a", "b")
    assert MODEL.requests_of(1) == (2, 4)
    assert MODEL.aliases_of(9) == MODEL.requests_of(9) == ()


def test_an_alias_that_points_nowhere_is_not_there() -> None:
    assert MODEL.alias("c") == Pointer(2)
    for missing in ("former", "none"):
        with pytest.raises(AliasNotFoundError, match=f"no alias '{missing}'"):
            MODEL.alias(missing)


def test_a_stage_that_nobody_ever_entered_has_no_holder() -> None:
    assert MODEL.holder("live") == 2
    assert MODEL.holder("draft") is None


def test_a_commit_sets_when_the_model_was_last_changed() -> None:
    later = Instant("2027-01-01T00:00:00.000Z")
    assert MODEL.stamped(None, stamp(time=NOW)).stamped(MODEL, stamp(time=later)).updated_at == later


def test_a_version_that_moves_is_counted_where_it_went_only() -> None:
    model = Model("fraud").with_moved(1, None, "draft").with_moved(2, None, "draft").with_moved(1, "draft", "live")
    assert model.standing == {"draft": 1, "live": 1}
    assert (model.newest_in("draft"), model.newest_in("live")) == (Newest((2,)), Newest((1,)))
    gone = model.with_moved(1, "live", None)
    assert gone.standing == {"draft": 1} and "live" not in gone.newest
