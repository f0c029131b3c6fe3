"""Which stage of a model serves."""

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.serving import serving_stage
from tests.domain.schemes.documents import scheme

SCHEME = scheme(
    stages=[
        {"name": "draft"},
        {"name": "canary", "exclusive": True},
        {"name": "live", "exclusive": True},
        {"name": "gone"},
    ],
    transitions=[{"from": "draft", "to": "live"}],
)


def serving(**holders: int | None) -> str | None:
    return serving_stage(Model("fraud", stages={name: Pointer(number) for name, number in holders.items()}), SCHEME)


def test_the_last_exclusive_stage_that_has_a_holder_serves() -> None:
    assert serving(canary=1, live=2) == "live"
    assert serving(canary=1, live=None) == serving(canary=1) == "canary"


def test_no_stage_serves_while_no_exclusive_one_has_a_holder() -> None:
    assert serving(draft=1, gone=2) is None
