"""How the command line names models and versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage.cli.address import Address, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("fraud", Address("fraud")),
        ("fraud/3", Address("fraud", 3)),
        ("fraud@champion", Address("fraud", "@champion")),
        ("fraud/@champion", Address("fraud", "@champion")),
        ("a@b/3", Address("a@b", 3)),
        ("a@b/@champion", Address("a@b", "@champion")),
        ("a@b@champion", Address("a@b", "@champion")),
        ("@handle", Address("@handle")),
    ],
)
def test_an_address_names_a_model_or_a_version(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize("text", ["", "fraud/", "/3", "fraud/x", "fraud/3/4", "fraud/@", "fraud/-1", "fraud/²"])
def test_what_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_address(text)
    assert refused.value.args == (text,)


@given(
    model=st.text(min_size=1).filter(lambda name: "/" not in name),
    version=st.integers(1, 10**6) | st.just("@champion"),
)
def test_a_printed_address_is_read_back(model: str, version: int | str) -> None:
    assert parse_address(str(Address(model, version))) == Address(model, version)
