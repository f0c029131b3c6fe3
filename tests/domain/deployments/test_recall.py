"""What of a version a recall finds."""

import pytest

from chalicelib.domain.deployments.recall import Recall
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.version import Version
from tests.domain.build import ready


def build(**description: object) -> Version:
    return ready(Model("fraud"), **description)[1]


def version(*requirements: str) -> Version:
    return build(
        provenance={
            "runtime": {"requirements": list(requirements)},
            "datasets": [{"name": "clicks", "digest": "d1"}, {"name": "visits"}],
        }
    )


@pytest.mark.parametrize(
    ("asked", "given", "affected"),
    [
        ("numpy", "numpy==1.26.4", True),
        ("NumPy", "numpy", True),
        ("scikit_learn", "scikit-learn==1.5.0", True),
        ("numpy==1.26.4", "numpy == 1.26.4", True),
        ("numpy==1.26.4", "numpy==1.26.5", False),
        ("numpy==1.26.4", "numpy", False),
        ("num", "numpy==1.26.4", False),
        ("numpy", "numpy-financial==1.0", False),
        ("https://x", "git+https://x", False),
    ],
)
def test_a_requirement_is_found_by_name_or_as_a_whole(asked: str, given: str, affected: bool) -> None:
    assert Recall(requirement=asked).found_in(version(given)) == ((f"requirement {given}",) if affected else ())


def test_datasets_are_found_by_name_and_digest_and_each_finding_is_named() -> None:
    assert Recall(dataset="visits").found_in(version()) == ("dataset visits",)
    assert Recall(digest="d1").found_in(version()) == ("dataset clicks",)
    assert Recall(dataset="clicks", digest="d1", requirement="a").found_in(version("a==1")) == (
        "requirement a==1",
        "dataset clicks",
    )
    own = version()
    assert Recall(digest=str(own.digest)).found_in(own) == (f"digest {own.digest}",)
    assert Recall(dataset="other").found_in(build(provenance={})) == ()


def test_a_recall_must_look_for_something() -> None:
    with pytest.raises(InvalidInputError):
        Recall()
