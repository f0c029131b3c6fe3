"""Which conditions are refused before they are ever evaluated, where, and why."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.schemes.conditions import MAX_LENGTH, fault, names_in


@pytest.mark.parametrize(
    ("expression", "position", "reason"),
    [
        ("", 1, "1 to 1000 characters"),
        ("x" * (MAX_LENGTH + 1), 1, "1 to 1000 characters"),
        ("metric.auc > 1", 1, "no variable 'metric'"),
        ("metrics.auc > 1 && auc > 1", 20, "no variable 'auc'"),
        ("metrics.auc > 1 &&\n auc > 1", 21, "no variable 'auc'"),
        (".metrics.auc > 1", 2, "no dot before it"),
        ("length(tags) == 1", 1, "no function 'length'"),
        ("tags.team.matches('a+')", 11, "'matches' is not available"),
        ("tags.team.matches // why\n ('a+')", 11, "'matches' is not available"),
        ("k > 1 && metrics.all(k, true)", 1, "no variable 'k'"),
        ("metrics.all(k, true) && k > 1", 25, "no variable 'k'"),
        ("metrics.all(k, tags.exists(t, t == k))", 21, "exists inside another of all"),
        ("metrics.all // why\n (k, tags.exists // why\n (t, t == k))", 30, "exists inside another of all"),
        ("metrics.all(k, [1].map(t, t) == [(k)])", 20, "map inside another of all"),
        (" && ".join(["metrics.all(k, true)"] * 4), 81, "at most 3"),
    ],
)
def test_a_refusal_names_the_place_and_the_reason(expression: str, position: int, reason: str) -> None:
    refused = fault(expression)
    assert refused is not None
    assert refused.position == position
    assert reason in refused.reason


@pytest.mark.parametrize(
    "expression",
    [
        "metrics.auc > 1e-3 && metrics.auc < .5E+2 || 0xFF == 255 && 1u == 1u",
        "tags.team == 'auc.matches(\"x\")' // auc.matches('x')",
        'tags.team == "say \\"auc\\"" && tags["auc"] == \'it\\\'s\'',
        "tags.team == r'\\' && tier == 'low'",
        'tags.team == """auc "quoted" auc""" && tags.team != b"auc"',
        "has(tags.team) && size(tags) > 0 && tags.team.startsWith('a')",
        "metrics.all(k, metrics[k] > 0.0) && tags.exists(k, k == 'team') && 'auc' in metrics",
        "rivals['stage:production'] == null || now - timestamp(version.ready_at) > duration('24h')",
        "checks . fairness . passed",
    ],
)
def test_literals_comments_strings_and_spaces_do_not_confuse(expression: str) -> None:
    assert fault(expression) is None


def test_a_string_does_not_hide_what_follows_it() -> None:
    assert fault("tags.team == r'\\' || tags.team.matches('x')") is not None


def test_names_that_may_be_read_are_told_from_fields_functions_and_bound_names() -> None:
    assert names_in("metrics.checks > size(tags) && card.exists(tier, tier == 'now')") == {"metrics", "tags", "card"}


@given(st.text())
@example("'" * 999)
@example('"""' + "a" * 900)
@example("((([[[{{{")
@example(")]}.all(")
def test_no_text_makes_the_scanner_fail(text: str) -> None:
    refused = fault(text)
    assert refused is None or 1 <= refused.position <= max(1, len(text))
    names_in(text)


pieces = st.sampled_from(
    ["metrics", "auc", ".", "(", ")", "[", "]", ",", "all", "exists", "matches", "'a'", "r'\\'", "//x\n", "1e5", " "]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_what_passes_has_no_costly_call(text: str) -> None:
    if text and fault(text) is None:
        plain = text.replace("'a'", "").replace("r'\\'", "").replace("//x\n", "").replace(" ", "")
        assert "matches(" not in plain.replace("auc", "").replace("metrics", "")
