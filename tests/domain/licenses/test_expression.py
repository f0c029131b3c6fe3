"""Licence expressions: reading what SPDX allows, refusing what it does not, and writing them again."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.licenses.expression import (
    AllOf,
    AnyOf,
    Expression,
    License,
    LicenseExpressionError,
    licenses_in,
    parse,
)
from chalicelib.domain.licenses.spdx_ids import EXCEPTIONS, LICENSES

_ONE = st.builds(
    License,
    st.sampled_from([*sorted(LICENSES), "LicenseRef-Own", "DocumentRef-x:LicenseRef-y.1"]),
    st.booleans(),
    st.sampled_from(["", *sorted(EXCEPTIONS)]),
)


def _flat(parts: list[Expression], kind: type[AllOf] | type[AnyOf]) -> Expression:
    """The parts joined, without a group of the same kind inside, which is the same without its parentheses."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(flat))


_EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    _ONE,
    lambda inner: st.builds(_flat, st.lists(inner, min_size=2, max_size=3), st.sampled_from([AllOf, AnyOf])),
    max_leaves=6,
)


@given(_EXPRESSIONS)
def test_what_is_written_is_read_back(expression: Expression) -> None:
    assert parse(str(expression)) == expression
    assert licenses_in(parse(str(expression))) == licenses_in(expression)


@given(st.text(alphabet="()+ ANDORWITHmit-20.x:", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(LicenseExpressionError):
        assert licenses_in(parse(text))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mit", "MIT"),
        (" apache-2.0 ", "Apache-2.0"),
        ("(MIT)", "MIT"),
        ("MIT or Apache-2.0", "MIT OR Apache-2.0"),
        ("MIT OR Apache-2.0 AND Zlib", "MIT OR Apache-2.0 AND Zlib"),
        ("(MIT OR Apache-2.0) AND Zlib", "(MIT OR Apache-2.0) AND Zlib"),
        ("GPL-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("Apache-2.0+", "Apache-2.0+"),
        ("LicenseRef-Gemma", "LicenseRef-Gemma"),
    ],
)
def test_an_expression_is_written_as_spdx_has_it(text: str, written: str) -> None:
    assert str(parse(text)) == written


def test_and_binds_before_or() -> None:
    mit, zlib, isc = (License(name) for name in ("MIT", "Zlib", "ISC"))
    assert parse("MIT OR Zlib AND ISC") == AnyOf((mit, AllOf((zlib, isc))))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the text ends where a licence should be"),
        ("MIT OR", "the text ends where a licence should be"),
        ("OR MIT", "there is 'OR' where a licence should be"),
        ("MIT Apache-2.0", "'Apache-2.0' is out of place"),
        ("(MIT", "a parenthesis is not closed"),
        ("MIT)", "')' is out of place"),
        ("MIT WITH MIT", "'MIT' is no exception of the SPDX list"),
        ("Mine-1.0", "'Mine-1.0' is no licence of the SPDX list; write LicenseRef-Mine-1.0 for one's own"),
        ("MIT / Zlib", "character 4 cannot be part of a licence expression"),
        ("(" * 21 + "MIT" + ")" * 21, "a licence expression has parentheses at most 20 deep"),
        ("M" * 1001, "a licence expression has at most 1000 characters"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(LicenseExpressionError) as refused:
        parse(text)
    assert str(refused.value) == reason
