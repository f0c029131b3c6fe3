"""Which names a list may read for a caller."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.name_ranges import NameRange, readable_ranges
from chalicelib.domain.access.principal import Action, Grant, Principal, Role

names = st.text("ab-", max_size=5)
patterns = st.text("ab-*", min_size=1, max_size=5)


def reader(*given_patterns: str) -> Principal:
    return Principal("token:x", tuple(Grant(Role.VIEWER, pattern) for pattern in given_patterns))


def test_each_kind_of_pattern_gives_the_narrowest_range_that_tells_nothing() -> None:
    principal = reader("fraud", "fr-*", "churn*", "*-eu")
    assert readable_ranges(reader("fraud", "fr-*"), "") == (NameRange("fr-"), NameRange("fraud", exact=True))
    assert readable_ranges(reader("fraud*"), "fraud-e") == (NameRange("fraud-e"),)
    assert readable_ranges(reader("fraud*"), "fr") == (NameRange("fraud"),)
    assert readable_ranges(reader("fraud*"), "x") == ()
    assert readable_ranges(reader("m*-eu"), "merger") == (NameRange("m"),), "not the prefix"
    assert readable_ranges(principal, "fr") == (NameRange(""),)
    assert readable_ranges(Principal("token:x", (Grant("no such role", "*"),)), "") == ()


@given(st.lists(patterns, max_size=4), names, names)
def test_the_ranges_hold_every_readable_name_and_are_apart(given_patterns: list[str], prefix: str, name: str) -> None:
    principal = reader(*given_patterns)
    ranges = readable_ranges(principal, prefix)
    holding = [one for one in ranges if one.holds(name)]
    assert len(holding) <= 1
    assert list(ranges) == sorted(ranges)
    if name.startswith(prefix) and principal.may(Action.READ, name):
        assert holding


@given(st.lists(patterns, max_size=4), names, names)
def test_ranges_that_hold_unreadable_names_do_not_depend_on_the_prefix(
    given_patterns: list[str], prefix: str, name: str
) -> None:
    principal = reader(*given_patterns)
    holding = [one for one in readable_ranges(principal, prefix) if one.holds(name)]
    if holding and not principal.may(Action.READ, name):
        heads = {pattern.partition("*")[0] for pattern in given_patterns}
        assert holding[0].start in heads


@given(patterns, names, names)
def test_a_grant_covers_all_of_a_prefix_only_if_it_covers_each_name(pattern: str, prefix: str, rest: str) -> None:
    grant = Grant(Role.VIEWER, pattern)
    assert not grant.covers_all(prefix) or grant.covers(prefix + rest)
