"""Verdicts: whether a version is better than another one in a metric, as far as their evaluations can tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.evidence.estimate import Estimate, Sample, classes_of, estimate
from chalicelib.domain.evidence.evaluation import Evaluation, Slice
from chalicelib.domain.evidence.measure import Measure
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.schemes.directions import Direction
from chalicelib.domain.statistics.multiplicity import holm

# A difference that is less probable by chance than this is shown.
ALPHA: Final = 0.05
_UNKNOWN: Final = "it is not known how certain the values are: give n with successes or sd, or an interval"
_NO_DIRECTION: Final = "nobody has said whether higher or lower values are better"
_NOTHING: Final = Measure()


class Outcome(StrEnum):
    """What an evaluation shows of a version beside another one."""

    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE = "no difference shown"
    DIFFERENT_DATA = "measured on different data"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with what it rests on.

    ``adjusted_p`` is the estimate's probability, adjusted for the number of slices. ``reason`` says why an outcome is
    neither better, worse nor no difference.
    """

    outcome: Outcome
    estimate: Estimate | None = None
    adjusted_p: float | None = None
    reason: str | None = None

    def document(self) -> dict[str, Any]:
        """The verdict and the parts that are known."""
        document: dict[str, Any] = {"verdict": self.outcome.value}
        if self.estimate is not None:
            found = self.estimate
            document["difference"] = found.difference
            document["interval"] = {
                "low": found.interval.low,
                "high": found.interval.high,
                "level": found.level,
                "method": found.method.value,
            }
            document |= {"p": found.p, "adjusted_p": self.adjusted_p}
        if self.reason is not None:
            document["reason"] = self.reason
        return document


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on an evaluation by metric, and those on its slices by the slice's key and metric."""

    metrics: Mapping[str, Verdict] = field(default_factory=dict)
    slices: Mapping[str, Mapping[str, Verdict]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """An evaluation of a version."""

    version: int
    evaluation: Evaluation


def judge(this: Measured, other: Measured, directions: Mapping[str, Direction]) -> Verdicts:
    """Whether ``this`` is better than ``other`` in the metrics that both have.

    ``directions`` are the model's. Where it has none, that of the measures counts. Of a metric in several slices, the
    probabilities are adjusted by Holm's method, so that many slices do not themselves produce findings.
    """
    mine, others = this.evaluation, other.evaluation
    strange = _different_data(this, other)
    paired = _paired(this, other)
    metrics = {
        metric: _verdict(sample, others_sample, strange, paired, directions.get(metric))
        for metric, sample, others_sample in _both(_samples(mine), _samples(others))
    }
    slices: dict[str, dict[str, Verdict]] = {}
    other_slices = {part.key: part for part in others.slices}
    for part in mine.slices:
        if part.key in other_slices:
            slices[part.key] = {
                metric: _verdict(sample, others_sample, strange, None, directions.get(metric))
                for metric, sample, others_sample in _both(_samples(part), _samples(other_slices[part.key]))
            }
    return Verdicts(metrics, _adjusted(slices))


def _samples(measured: Evaluation | Slice) -> dict[str, Sample]:
    return {
        name: Sample(value, measured.measures.get(name, _NOTHING), classes_of(name, measured.metrics))
        for name, value in measured.metrics.items()
    }


def _both(mine: Mapping[str, Sample], others: Mapping[str, Sample]) -> list[tuple[str, Sample, Sample]]:
    return [(metric, sample, others[metric]) for metric, sample in mine.items() if metric in others]


def _verdict(
    this: Sample, other: Sample, strange: str | None, paired: Paired | None, direction: Direction | None
) -> Verdict:
    found = estimate(this, other, paired)
    if found is None:
        return Verdict(Outcome.INSUFFICIENT, reason=_UNKNOWN)
    if strange is not None:
        return Verdict(Outcome.DIFFERENT_DATA, reason=strange)
    better = direction or _stated(this.measure, other.measure)
    if better is None:
        return Verdict(Outcome.INSUFFICIENT, found, found.p, _NO_DIRECTION)
    return Verdict(_outcome(found, found.p, better), found, found.p)


def _outcome(found: Estimate, p: float, better: Direction) -> Outcome:
    """A difference is shown if it is improbable by chance and its interval excludes zero, which seldom disagree."""
    if p >= ALPHA or found.interval.low <= 0 <= found.interval.high:
        return Outcome.NO_DIFFERENCE
    return Outcome.BETTER if (found.difference > 0) == (better is Direction.UP) else Outcome.WORSE


def _stated(this: Measure, other: Measure) -> Direction | None:
    """The direction that the measures state, unless they contradict each other."""
    said = {one.direction for one in (this, other) if one.direction is not None}
    return said.pop() if len(said) == 1 else None


def _adjusted(slices: Mapping[str, Mapping[str, Verdict]]) -> dict[str, dict[str, Verdict]]:
    """The verdicts on slices after Holm's adjustment, which is made for each metric over its slices."""
    adjusted = {key: dict(verdicts) for key, verdicts in slices.items()}
    for metric in {metric for verdicts in slices.values() for metric in verdicts}:
        family = [
            (key, verdicts[metric], verdicts[metric].estimate)
            for key, verdicts in slices.items()
            if metric in verdicts and verdicts[metric].estimate is not None
        ]
        probabilities = holm([found.p for _, _, found in family if found is not None])
        for (key, verdict, _), p in zip(family, probabilities, strict=True):
            adjusted[key][metric] = _with_adjusted(verdict, p)
    return adjusted


def _with_adjusted(verdict: Verdict, p: float) -> Verdict:
    shown = verdict.outcome in (Outcome.BETTER, Outcome.WORSE)
    outcome = Outcome.NO_DIFFERENCE if shown and p >= ALPHA else verdict.outcome
    return Verdict(outcome, verdict.estimate, p, verdict.reason)


def _different_data(this: Measured, other: Measured) -> str | None:
    """Why the two evaluations may not have been made on the same data; None if they name the same digest."""
    digests = [(one.evaluation.dataset or {}).get("digest") for one in (this, other)]
    for one, digest in zip((this, other), digests, strict=True):
        if digest is None:
            return f"the evaluation of version {one.version} names no digest of its dataset"
    if digests[0] != digests[1]:
        return "the digests of the two datasets differ"
    if this.evaluation.kind is not other.evaluation.kind:
        return f"one evaluation is {this.evaluation.kind.value}, the other {other.evaluation.kind.value}"
    return None


def _paired(this: Measured, other: Measured) -> Paired | None:
    """The paired comparison of ``this`` with ``other``, whichever of the two has it."""
    mine, others = this.evaluation.paired, other.evaluation.paired
    if mine is not None and mine.against == other.version:
        return mine
    if others is not None and others.against == this.version:
        return Paired(other.version, others.both_right, others.only_other, others.only_this, others.both_wrong)
    return None
