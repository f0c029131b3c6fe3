"""Which names look alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.models.look_alikes import plain_twin, skeleton


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("fraud ", "fraud"),
        (" fraud\u00a0 eu", "fraud eu"),
        ("fr\u0430ud", "fraud"),
        ("\u0421\u041e\u0420", "COP"),
        ("\uff46raud", "fraud"),
        ("frau\u200bd", "fraud"),
        ("fraud\u2011eu", "fraud-eu"),
        ("cafe\u0301", "caf\u00e9"),
        ("model\ufe0f", "model"),
    ],
)
def test_names_that_cannot_be_told_apart_have_one_skeleton(name: str, looks: str) -> None:
    assert skeleton(name) == skeleton(looks) == looks
    assert plain_twin(name) == looks


@pytest.mark.parametrize("name", ["Fraud", "fraud_eu", "fraud-eu", "fraud.eu", "fr\u00e4ud", "fraud2", "\u6a21\u578b"])
def test_names_that_can_be_told_apart_have_different_skeletons(name: str) -> None:
    assert skeleton(name) == name
    assert plain_twin(name) is None


@given(st.text(max_size=40))
def test_a_skeleton_is_its_own_and_the_same_in_every_form(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)
    for form in ("NFC", "NFD"):
        assert skeleton(unicodedata.normalize(form, name)) == skeleton(name)
