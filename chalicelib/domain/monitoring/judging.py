"""Judging the last windows of a version against what its monitor says."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.instants import Instant, moment
from chalicelib.domain.monitoring.cells import over_common_values
from chalicelib.domain.monitoring.monitor import Bounds, Definition
from chalicelib.domain.monitoring.verdict import Verdict
from chalicelib.domain.monitoring.window import MAX_SOURCES, Measured, Window
from chalicelib.domain.statistics import drift
from chalicelib.domain.statistics.histogram import Histogram, merge
from chalicelib.domain.statistics.multiplicity import level_of_each
from chalicelib.domain.statistics.statistic import Correction

# A window's verdicts: BREACHED is what an alarm counts.
BREACHED: Final = "breached"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a feature or a metric in one window: ``ok``, ``breached`` or ``insufficient``, and why.

    ``score`` is the statistic of a feature, or the value of a metric. ``threshold`` is what it was held against.
    """

    name: str
    verdict: str
    reason: str
    score: float | None = None
    threshold: float | None = None

    @property
    def excess(self) -> float:
        """How far the score lies from the threshold, relative to the threshold, to find the worst breach by."""
        if self.score is None or self.threshold is None:
            return 0.0
        return abs(self.score - self.threshold) / (abs(self.threshold) or 1.0)

    def document(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "verdict": self.verdict,
            "reason": self.reason,
            "score": self.score,
            "threshold": self.threshold,
        }


@dataclass(frozen=True, slots=True)
class JudgedWindow:
    """A window, merged from its sources, and what was found in it."""

    start: Instant
    sources: tuple[str, ...]
    n: int
    measured_at: Instant
    verdict: str
    findings: tuple[Finding, ...]
    digests: tuple[str, ...]

    @property
    def worst(self) -> Finding | None:
        """The breach that lies furthest from its threshold; None if nothing breached."""
        breached = [finding for finding in self.findings if finding.verdict == BREACHED]
        return max(breached, key=lambda finding: finding.excess, default=None)

    def document(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "sources": list(self.sources),
            "n": self.n,
            "measured_at": self.measured_at,
            "verdict": self.verdict,
            "findings": [finding.document() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict over the last windows, oldest first, of one version."""

    verdict: Verdict
    windows: tuple[JudgedWindow, ...]

    @property
    def worst(self) -> Finding | None:
        """The worst breach of the newest window that breached."""
        return next((window.worst for window in reversed(self.windows) if window.worst is not None), None)

    @property
    def newest(self) -> JudgedWindow | None:
        return self.windows[-1] if self.windows else None

    @property
    def digest(self) -> str:
        """The SHA-256 over the digests of all windows that the verdict rests on, in order; empty without windows."""
        if not self.windows:
            return ""
        rests_on = [[window.start, list(window.sources), list(window.digests)] for window in self.windows]
        return sha256_hex(canonical_json(rests_on))

    def finds_well(self) -> bool:
        """Whether the newest window that says enough does not breach. What was well before a breach ends nothing."""
        telling = [window.verdict for window in self.windows if window.verdict != Verdict.INSUFFICIENT]
        return telling[-1:] == [Verdict.OK]

    def breached(self) -> int:
        """How many of the windows breached."""
        return sum(window.verdict == BREACHED for window in self.windows)


def judge(definition: Definition, windows: Iterable[Window]) -> Judgement:
    """Judge the last ``definition.of`` windows of a version. The windows may come in any order.

    Among them, ``definition.silent_after`` may be missing. What lies further back says nothing of the version now.
    """
    judged = judged_windows(definition, windows)[-definition.of :]
    if judged:
        reach = (definition.of - 1 + definition.silent_after) * definition.window.length
        oldest = moment(judged[-1].start) - reach
        judged = tuple(window for window in judged if moment(window.start) >= oldest)
    return Judgement(_verdict(definition, judged), judged)


def _verdict(definition: Definition, judged: Sequence[JudgedWindow]) -> Verdict:
    breached = sum(window.verdict == BREACHED for window in judged)
    if breached >= definition.breaches:
        return Verdict.ALARM
    if breached:
        return Verdict.WARNING
    return Verdict.OK if any(window.verdict == Verdict.OK for window in judged) else Verdict.INSUFFICIENT


def judged_windows(definition: Definition, windows: Iterable[Window]) -> tuple[JudgedWindow, ...]:
    """Each window on its own, merged from its sources, oldest first.

    Windows of another length, which the monitor had before, say nothing: a day is not to be added to one of its hours.
    """
    by_start: dict[Instant, list[Window]] = {}
    for window in windows:
        if window.span is definition.window:
            by_start.setdefault(window.start, []).append(window)
    return tuple(
        _judged(definition, start, sorted(parts, key=lambda part: part.source))
        for start, parts in sorted(by_start.items())
    )


def _judged(definition: Definition, start: Instant, parts: Sequence[Window]) -> JudgedWindow:
    n = sum(part.n for part in parts)
    if len(parts) > MAX_SOURCES:
        findings: tuple[Finding, ...] = (
            Finding("", Verdict.INSUFFICIENT, f"the window has more than {MAX_SOURCES} sources"),
        )
    elif n < definition.min_n:
        findings = (Finding("", Verdict.INSUFFICIENT, f"the window has {n} examples of at least {definition.min_n}"),)
    else:
        findings = (*_of_features(definition, parts), *_of_metrics(definition, parts))
    return JudgedWindow(
        start,
        tuple(part.source for part in parts),
        n,
        max(part.measured_at for part in parts),
        _together(findings),
        findings,
        tuple(part.digest for part in parts),
    )


def _together(findings: Sequence[Finding]) -> str:
    found = {finding.verdict for finding in findings}
    return next((verdict for verdict in (BREACHED, Verdict.OK.value) if verdict in found), Verdict.INSUFFICIENT.value)


def _of_features(definition: Definition, parts: Sequence[Window]) -> Iterator[Finding]:
    # The chance of a false breach is that of the whole window, so each feature gets its share.
    share = definition.alpha / max(len(definition.compared), 1)
    compared = {baseline.name: _compared(definition, baseline, parts, share) for baseline in definition.compared}
    level = _level(definition, compared.values())
    for baseline in definition.compared:
        found = compared[baseline.name]
        if level != share and isinstance(found, drift.Drift):
            found = _compared(definition, baseline, parts, level)
        yield _of_feature(definition, baseline.name, found)


def _level(definition: Definition, compared: Collection[drift.Drift | str]) -> float:
    """The level at which each feature is judged. One that says nothing counts as one that does not differ."""
    if definition.correction is Correction.BONFERRONI or not compared:
        return definition.alpha / max(len(compared), 1)
    found = [1.0 if isinstance(one, str) or one.p is None else one.p for one in compared]
    return level_of_each(found, definition.alpha)


def _compared(definition: Definition, baseline: Histogram, parts: Sequence[Window], alpha: float) -> drift.Drift | str:
    """A feature beside its baseline; or why the two cannot be compared, as a sentence for a person."""
    counted = [feature for part in parts for feature in part.features if feature.name == baseline.name]
    if not counted:
        return "the window does not have it"
    if any((feature.kind, feature.edges) != (baseline.kind, baseline.edges) for feature in counted):
        return "it was counted in other bins than the baseline"
    first, *rest = over_common_values([baseline, *counted])
    if baseline.values and not first.values:
        return "it counts none of the values of the baseline"
    return drift.judge(first, merge(rest), definition.statistic, definition.effect, alpha, definition.min_n)


def _of_feature(definition: Definition, name: str, found: drift.Drift | str) -> Finding:
    if isinstance(found, str):
        return Finding(name, Verdict.INSUFFICIENT, found)
    if found.score is None or found.threshold is None:
        return Finding(name, Verdict.INSUFFICIENT, _insufficient(definition, found))
    # Drift must be more than chance explains and enough to matter.
    threshold = max(found.threshold, found.effect)
    breached = found.verdict is drift.Verdict.DRIFT
    reason = f"{definition.statistic} is {found.score:.4g}, and above {threshold:.4g} is drift"
    return Finding(name, BREACHED if breached else Verdict.OK, reason, found.score, threshold)


def _insufficient(definition: Definition, found: drift.Drift) -> str:
    """Why there is no score: too few values, or a statistic of moments that are not known."""
    if min(found.n, found.baseline_n) < definition.min_n:
        return f"it has {found.n} values, too few to be judged"
    return f"{definition.statistic} needs mean and m2 of values that vary"


def _of_metrics(definition: Definition, parts: Sequence[Window]) -> Iterator[Finding]:
    for name, bounds in definition.metrics.items():
        measured = together([part.metrics[name] for part in parts if name in part.metrics])
        yield _of_metric(name, bounds, measured, definition.min_n)


def _of_metric(name: str, bounds: Bounds, measured: Measured | None, min_n: int) -> Finding:
    if measured is None:
        return Finding(name, Verdict.INSUFFICIENT, "the window does not have it")
    value = measured.value
    if measured.n < min_n:
        return Finding(name, Verdict.INSUFFICIENT, f"it is of {measured.n} examples of at least {min_n}", value)
    if bounds.at_least is not None and value < bounds.at_least:
        return Finding(name, BREACHED, f"{name} is {value:.6g}, below {bounds.at_least:g}", value, bounds.at_least)
    if bounds.at_most is not None and value > bounds.at_most:
        return Finding(name, BREACHED, f"{name} is {value:.6g}, above {bounds.at_most:g}", value, bounds.at_most)
    bound = bounds.at_least if bounds.at_least is not None else bounds.at_most
    return Finding(name, Verdict.OK, f"{name} is {value:.6g}", value, bound)


def together(parts: Sequence[Measured]) -> Measured | None:
    """The metric over several sources: the mean of their values, weighted by examples. None without any.

    It is exact for means and rates. Of another metric, such as an AUC, one source must report the whole window.
    """
    if not parts:
        return None
    n = sum(part.n for part in parts)
    if len(parts) == 1 or not n:
        return Measured(parts[0].value, n)
    # Fractions are exact: the sum of numbers that are finite need not be.
    return Measured(float(sum(Fraction(part.value) * part.n for part in parts) / n), n)
