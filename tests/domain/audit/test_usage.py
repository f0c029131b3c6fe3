"""Uses are counted by model, version and principal."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit.usage import FILE, Use, usage_totals, use_from
from chalicelib.domain.instants import Instant

uses = st.lists(
    st.builds(
        Use,
        st.sampled_from(["fraud", "churn"]),
        st.integers(1, 3),
        st.sampled_from(["token:a", "token:b"]),
        st.just(FILE),
        st.integers(0, 9).map(lambda second: Instant(f"2026-11-23T09:30:0{second}.000Z")),
        st.none() | st.sampled_from(["champion", "challenger"]),
    ),
    max_size=20,
)


@given(uses)
def test_no_use_is_lost_and_none_counted_twice(given_uses: list[Use]) -> None:
    together = usage_totals(given_uses)
    assert sum(usage.count for usage in together) == len(given_uses)
    assert len({(usage.model, usage.version, usage.principal) for usage in together}) == len(together)
    for usage in together:
        own = [
            use
            for use in given_uses
            if (use.model, use.version, use.principal) == (usage.model, usage.version, usage.principal)
        ]
        assert (usage.first_at, usage.last_at) == (min(use.time for use in own), max(use.time for use in own))
        assert (usage.last_alias is None) == all(use.alias is None for use in own)


@given(uses)
def test_a_use_reads_back_from_its_log_line(given_uses: list[Use]) -> None:
    assert [use_from(use.document()) for use in given_uses] == given_uses
