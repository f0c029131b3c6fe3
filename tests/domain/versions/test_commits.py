"""Versions as commits."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.versions.commits import commit_of, number_in

NUMBERS = st.integers(1, 999_999_999)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(NUMBERS, DIGESTS)
def test_a_commit_is_forty_hexadecimal_digits_that_name_the_version(number: int, digest: str) -> None:
    commit = commit_of(number, digest)
    assert len(commit) == 40 and number_in(commit) == number


@given(NUMBERS, NUMBERS, DIGESTS, DIGESTS)
def test_versions_with_other_numbers_or_files_are_other_commits(one: int, two: int, first: str, second: str) -> None:
    same = (one, first[:32]) == (two, second[:32])
    assert (commit_of(one, first) == commit_of(two, second)) == same


@given(st.text().filter(lambda text: len(text) != 40))
def test_nothing_else_is_a_commit(text: str) -> None:
    assert number_in(text) is None
    assert number_in("G" + "0" * 39) is None
