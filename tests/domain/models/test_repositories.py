"""The names of models as repositories."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import names
from chalicelib.domain.errors import InvalidNameError, ModelNotFoundError
from chalicelib.domain.models.repositories import ENCODED, PLAIN, model_of


def _is_name(text: str) -> bool:
    try:
        names.model_name(text)
    except InvalidNameError:
        return False
    return True


@given(st.text(min_size=1, max_size=40).filter(_is_name))
def test_every_model_has_a_repository(name: str) -> None:
    assert model_of(PLAIN, name) == name
    assert model_of(ENCODED, name.encode().hex()) == name


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        ("", "fraud"),
        ("openai", "fraud"),
        (PLAIN, "a:b"),
        (PLAIN, ".."),
        (ENCODED, "6"),
        (ENCODED, "FF"),
        (ENCODED, "ff"),
        (ENCODED, "2f"),
        (ENCODED, "fraud"),
    ],
)
def test_what_no_model_can_be_named_is_not_found(namespace: str, name: str) -> None:
    with pytest.raises(ModelNotFoundError, match=r"is no model\. Models are moorage/<name>"):
        model_of(namespace, name)
