"""What a policy says of expressions: the user chooses among alternatives, and what applies together applies."""

import pytest
from hypothesis import given

from chalicelib.domain.licenses.expression import AllOf, AnyOf, Expression, LicenseExpressionError, parse
from chalicelib.domain.licenses.policy import LicensePolicy, Standing, check_entry
from tests.domain.licenses.test_expression import _EXPRESSIONS

ALLOWED, REVIEW, DENIED = Standing
POLICY = LicensePolicy(allow=("MIT", "Apache-*"), deny=("GPL-*", "AGPL-*"), review=("LicenseRef-*",))


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("MIT", ALLOWED),
        ("Apache-2.0", ALLOWED),
        ("Apache-2.0+", ALLOWED),
        ("Zlib", DENIED),
        ("GPL-3.0-only", DENIED),
        ("GPL-2.0-only WITH Classpath-exception-2.0", DENIED),
        ("LicenseRef-Gemma", REVIEW),
        ("MIT OR GPL-3.0-only", ALLOWED),
        ("LicenseRef-Gemma OR GPL-3.0-only", REVIEW),
        ("MIT AND GPL-3.0-only", DENIED),
        ("MIT AND LicenseRef-Gemma", REVIEW),
        ("(MIT OR GPL-3.0-only) AND Apache-2.0", ALLOWED),
    ],
)
def test_a_policy_rules_on_an_expression(text: str, standing: Standing) -> None:
    assert POLICY.ruling(parse(text)).standing is standing


def test_a_policy_can_name_a_licence_with_its_exception() -> None:
    named = "GPL-2.0-only WITH Classpath-exception-2.0"
    policy = LicensePolicy(allow=(named,), deny=("GPL-2.0-only",))
    assert policy.ruling(parse(named)).standing is ALLOWED
    assert policy.ruling(parse("GPL-2.0-only")).standing is DENIED


@pytest.mark.parametrize("text", ["GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only+"])
@pytest.mark.parametrize("allowed", ["*", "GPL-*"])
def test_a_pattern_that_allows_much_does_not_allow_a_denied_licence_for_its_exception(text: str, allowed: str) -> None:
    assert LicensePolicy(allow=(allowed,), deny=("GPL-2.0-only",)).ruling(parse(text)).standing is DENIED
    assert LicensePolicy(allow=(allowed,), review=("GPL-2.0-only",)).ruling(parse(text)).standing is REVIEW


def test_an_entry_counts_in_whatever_case() -> None:
    assert LicensePolicy(deny=("gpl-*",)).ruling(parse("GPL-3.0-only")).standing is DENIED


def test_without_allowed_licences_the_others_are_allowed() -> None:
    policy = LicensePolicy(deny=("GPL-*",))
    assert policy.ruling(parse("Zlib")).standing is ALLOWED
    assert policy.ruling(parse("GPL-3.0-only")).standing is DENIED


def test_a_ruling_names_the_licences_that_decided() -> None:
    ruling = POLICY.ruling(parse("MIT AND GPL-3.0-only AND AGPL-3.0-only"))
    assert [str(found) for found in ruling.licenses] == ["GPL-3.0-only", "AGPL-3.0-only"]


@given(_EXPRESSIONS, _EXPRESSIONS)
def test_alternatives_never_make_it_worse_and_additions_never_better(one: Expression, other: Expression) -> None:
    standings = [POLICY.ruling(each).standing for each in (one, other)]
    assert POLICY.ruling(AnyOf((one, other))).standing == min(standings)
    assert POLICY.ruling(AllOf((one, other))).standing == max(standings)


@pytest.mark.parametrize(
    ("entry", "kept"),
    [("mit", "MIT"), ("GPL-*", "GPL-*"), ("apache-2.0+", "Apache-2.0+"), ("LicenseRef-x", "LicenseRef-x")],
)
def test_an_entry_is_kept_as_spdx_writes_it(entry: str, kept: str) -> None:
    assert check_entry(entry) == kept


def test_an_entry_that_no_licence_has_is_refused() -> None:
    with pytest.raises(LicenseExpressionError, match=r"'Apache2\.0' is no licence"):
        check_entry("Apache2.0")
