"""The bounds that an operator may change."""

import pytest

from chalicelib.domain.errors import LimitExceededError, QuotaExceededError
from chalicelib.domain.limits import GIB, Limits, Quota


def test_limits_are_replaced_by_name() -> None:
    limits = Limits.parsed(" daily_models=5, pending_gib=2 ")
    assert (limits.daily(Quota.MODELS), limits.pending_gib) == (5, 2)
    assert limits.pending_versions == Limits().pending_versions
    assert Limits.parsed("") == Limits()


@pytest.mark.parametrize("text", ["daily_cats=1", "daily_models", "daily_models=0", "daily_models=-1", "pending_gib=x"])
def test_a_limit_that_cannot_be_used_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Limits.parsed(text)


def test_a_model_has_so_many_pending_versions_and_no_more() -> None:
    limits = Limits(pending_versions=2)
    limits.check_pending("fraud", 1, 0, [])
    with pytest.raises(LimitExceededError, match="pending_versions"):
        limits.check_pending("fraud", 2, 0, [])


def test_pending_versions_have_so_many_bytes_and_no_more() -> None:
    limits = Limits(pending_gib=2)
    limits.check_pending("fraud", 1, GIB, [GIB])
    with pytest.raises(LimitExceededError, match="pending_gib"):
        limits.check_pending("fraud", 1, GIB, [GIB, 1])
    limits.check_pending("fraud", 1, 5 * GIB, [])


@pytest.mark.parametrize("quota", Quota)
def test_every_quota_has_a_limit_of_its_own(quota: Quota) -> None:
    limits = Limits.parsed(f"daily_{quota}=3")
    limits.check_day(quota, 2)
    limits.check_day(quota, 1, 2)
    with pytest.raises(QuotaExceededError, match=f"daily_{quota}"):
        limits.check_day(quota, 3)
