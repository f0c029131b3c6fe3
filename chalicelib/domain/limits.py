"""Bounds on what is stored, so that no caller can fill the table or the bucket. An operator may change each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Self

from chalicelib.domain.errors import LimitExceededError, QuotaExceededError

GIB = 1024**3
TIB = 1024**4
# What is counted by steps is counted after each thousandth of its limit.
_STEPS = 1_000
_MOST = 10**15


class Quota(StrEnum):
    """What a principal may make so many of in a day.

    ``UPLOADS`` are files logged through MLflow, or their parts; ``BYTES`` are those of the files that it registers.
    """

    MODELS = "models"
    EXPERIMENTS = "experiments"
    RUNS = "runs"
    UPLOADS = "uploads"
    POINTS = "points"
    SESSIONS = "sessions"
    BYTES = "bytes"
    COMMENTS = "comments"
    SEARCHES = "searches"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a registry.

    Of one model: how many versions may be PENDING, and how large all of these may be together. Of one principal: how
    many models, experiments, runs with logged models, logged files or parts, points of metrics, sessions of the web
    interface, comments, searches and webhooks it may make in a day (UTC), and of how many bytes it may register files.
    """

    pending_versions: int = 500
    pending_gib: int = 5_120
    daily_models: int = 1_000
    daily_experiments: int = 1_000
    daily_runs: int = 20_000
    daily_uploads: int = 100_000
    daily_points: int = 10_000_000
    daily_sessions: int = 500
    daily_bytes: int = 20 * TIB
    daily_comments: int = 2_000
    daily_searches: int = 200_000
    daily_webhooks: int = 100

    @classmethod
    def parsed(cls, text: str) -> Self:
        """The limits with those replaced that ``text`` names, such as ``daily_models=50,pending_gib=100``.

        Raises ValueError for an unknown name, or for a value that is not a whole number of at least 1.
        """
        known = {field.name for field in fields(cls)}
        given: dict[str, int] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, value = part.partition("=")
            if name not in known or not value.isdecimal() or not 1 <= int(value) <= _MOST:
                raise ValueError(f"{part!r} is not NAME=NUMBER with one of the names {', '.join(sorted(known))}")
            given[name] = int(value)
        return cls(**given)

    def daily(self, quota: Quota) -> int:
        """How many of these a principal may make in a day."""
        limit: int = getattr(self, f"daily_{quota}")
        return limit

    def step(self, quota: Quota) -> int:
        """How many of these are counted together, of those of which so many are made that each is not counted."""
        return max(1, self.daily(quota) // _STEPS)

    def check_day(self, quota: Quota, made: int, amount: int = 1) -> None:
        """Raise QuotaExceededError unless a principal that made ``made`` of these today may make ``amount`` more."""
        if made + amount > self.daily(quota):
            raise self.exceeded(quota)

    def exceeded(self, quota: Quota) -> QuotaExceededError:
        limit = self.daily(quota)
        may = f"register files of {limit} bytes" if quota is Quota.BYTES else f"make {limit} {quota}"
        return QuotaExceededError(
            f"You may {may} in a day, and this would be more. Go on after 00:00 UTC, or ask the operator to raise the "
            f"limit daily_{quota}."
        )

    def check_pending(self, model: str, versions: int, size: int, sizes: Sequence[int]) -> None:
        """Raise LimitExceededError unless a model may have one more PENDING version, with files of ``sizes``.

        It now has ``versions`` PENDING versions of ``size`` bytes in all.
        """
        if versions >= self.pending_versions:
            raise LimitExceededError(
                f"{versions} versions of {model!r} are PENDING, as many as may be (pending_versions). Finalise or "
                "delete some of them; those that are not finalised expire by themselves."
            )
        if sizes and size + sum(sizes) > self.pending_gib * GIB:
            raise LimitExceededError(
                f"The PENDING versions of {model!r} have {size} bytes, and this one has {sum(sizes)}. Together they "
                f"may have {self.pending_gib} GiB (pending_gib): finalise or delete some of them first."
            )
