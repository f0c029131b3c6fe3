"""Judging whether a rate is alike in the groups of an evaluation's data, from the confusion counts of each."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.finding import Finding, number_in_words, seen_reporter
from chalicelib.domain.schemes.evidence_rules import naming_evaluation
from chalicelib.domain.schemes.gates import FairnessGate
from chalicelib.domain.schemes.reporters import wanted_of
from chalicelib.domain.statistics.confusion import Confusion
from chalicelib.domain.statistics.differences import square_and_add
from chalicelib.domain.statistics.fairness import rate
from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.multiplicity import holm
from chalicelib.domain.statistics.proportions import wilson
from chalicelib.domain.statistics.special import normal_critical, normal_tail

# Every two groups are compared, so the work grows with the square. Judging must stay quick.
MAX_GROUPS: Final = 50
# So many small groups are named; of the others there is the number.
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of the data: its name, what it differs in, and its rate with Wilson's interval; ``n`` None: no counts."""

    name: str
    dimensions: tuple[str, ...]
    n: int | None
    value: float = 0.0
    interval: Interval = Interval(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two groups: the one with the higher rate first, the interval of the difference, and how sure it is too large.

    ``p`` is the chance of such a difference if the gap were just as large as is allowed.
    """

    high: _Group
    low: _Group
    interval: Interval
    p: float

    @property
    def gap(self) -> float:
        return self.high.value - self.low.value

    @property
    def ratio(self) -> float:
        return self.low.value / self.high.value if self.high.value else 1.0

    def described(self, gate: FairnessGate) -> str:
        values = (
            f"{gate.rate.value} is {number_in_words(self.high.value)} for {self.high.name} and "
            f"{number_in_words(self.low.value)} for {self.low.name}"
        )
        found = []
        if gate.max_gap is not None:
            between = f"between {number_in_words(self.interval.low)} and {number_in_words(self.interval.high)}"
            found.append(f"the gap lies {between} ({gate.level * 100:g} %)")
        if gate.min_ratio is not None:
            found.append(f"the ratio is {number_in_words(self.ratio)}")
        return f"{values}: {' and '.join(found)}"

    def document(self) -> dict[str, Any]:
        return {
            "highest": self.high.name,
            "lowest": self.low.name,
            "gap": self.gap,
            "low": self.interval.low,
            "high": self.interval.high,
            "ratio": self.ratio,
        }


def fairness_finding(gate: FairnessGate, facts: Facts) -> Finding:
    """What a gate finds that wants a rate alike in all groups. ``actual`` has the worst pair and the small groups."""
    rules = naming_evaluation(facts.rules, facts.tier, gate.evaluation)
    needed = _needed(gate) + wanted_of(rules)
    evaluation = facts.evaluations.get(gate.evaluation)
    if evaluation is None:
        return Finding(False, None, needed, f"the evaluation {gate.evaluation} has not been recorded", None)
    groups = sorted(_groups(gate, evaluation["slices"]), key=lambda group: group.name)
    slices = [[part["group"], part.get("counts")] for part in evaluation["slices"]]
    seen = [sorted(slices, key=canonical_json), *([seen_reporter(evaluation)] if rules else [])]
    objected = facts.objection_to_evaluation(gate.evaluation)
    if objected is not None:
        reason = f"the evaluation {gate.evaluation} was recorded by {evaluation['reported_by']}, {objected}"
        return Finding(False, None, needed, reason, seen)
    crowded = _crowded(groups)
    if crowded is not None:
        return Finding(False, None, needed, crowded, seen)
    small = [group for group in groups if group.n is None or group.n < gate.min_n]
    pairs = list(_pairs(gate, [group for group in groups if group not in small]))
    said = f"; {_small_in_words(gate, small)}" if small else ""
    actual: dict[str, Any] = {"small": [group.name for group in small]}
    if not pairs:
        reason = (
            f"insufficient: no two groups have counts of at least {gate.min_n} examples for {gate.rate.value}{said}"
        )
        return Finding(False, actual, needed, reason, seen)
    failing = _failing(gate, pairs)
    worst = max(failing or pairs, key=lambda pair: pair.interval.high if gate.max_gap is not None else -pair.ratio)
    actual |= worst.document()
    more = f"; of {len(pairs)} pairs, {len(failing)} fail" if len(failing) > 1 else ""
    holds = not failing and (gate.small_pass or not small)
    return Finding(holds, actual, needed, f"{worst.described(gate)}{more}{said}", seen)


def _crowded(groups: Sequence[_Group]) -> str | None:
    """Why there are too many groups to compare every two of them; None if there are not."""
    for dimensions, number in Counter(group.dimensions for group in groups).items():
        if number > MAX_GROUPS:
            return f"{number} groups differ in {', '.join(dimensions)}; at most {MAX_GROUPS} are compared"
    return None


def _needed(gate: FairnessGate) -> str:
    bounds = []
    if gate.max_gap is not None:
        shown = "not shown to be over" if gate.doubt_passes else "shown to be at most"
        bounds.append(f"a gap {shown} {gate.max_gap}")
    if gate.min_ratio is not None:
        bounds.append(f"a ratio of at least {gate.min_ratio}")
    across = f" across {', '.join(gate.across)}" if gate.across else ""
    small = "" if gate.small_pass else f", each with at least {gate.min_n} examples"
    return (
        f"{gate.rate.value} alike between every two groups{across} of the evaluation {gate.evaluation}{small}: "
        f"{' and '.join(bounds)}"
    )


def _groups(gate: FairnessGate, slices: Sequence[Mapping[str, Any]]) -> Iterator[_Group]:
    for part in slices:
        group, counts = part["group"], part.get("counts")
        if gate.across and set(group) != set(gate.across):
            continue
        name = ", ".join(f"{key}={group[key]}" for key in sorted(group))
        dimensions = tuple(sorted(group))
        if counts is None:
            yield _Group(name, dimensions, None)
            continue
        found = rate(Confusion(**counts), gate.rate)
        if not found.n:
            yield _Group(name, dimensions, 0)
            continue
        yield _Group(name, dimensions, found.n, found.successes / found.n, wilson(found.successes, found.n, gate.level))


def _pairs(gate: FairnessGate, groups: Sequence[_Group]) -> Iterator[_Pair]:
    """Every two groups that differ in the same: women and men, but not women and the young."""
    z = normal_critical((1 - gate.level) / 2)
    for one, other in combinations(groups, 2):
        if one.dimensions != other.dimensions:
            continue
        high, low = (one, other) if one.value >= other.value else (other, one)
        interval = square_and_add(high.value, high.interval, low.value, low.interval)
        gap = high.value - low.value
        error = (gap - interval.low) / z
        excess = gap - (gate.max_gap or 0)
        yield _Pair(high, low, interval, normal_tail(excess / error) if error else float(excess <= 0))


def _failing(gate: FairnessGate, pairs: Sequence[_Pair]) -> list[_Pair]:
    failing = []
    # An interval of 95 % leaves 2.5 % on the side that counts.
    alpha = (1 - gate.level) / 2
    adjusted = holm([pair.p for pair in pairs]) if gate.max_gap is not None and gate.doubt_passes else ()
    for index, pair in enumerate(pairs):
        if gate.max_gap is None:
            too_far = False
        elif gate.doubt_passes:
            too_far = adjusted[index] < alpha
        else:
            too_far = pair.interval.high > gate.max_gap
        if too_far or (gate.min_ratio is not None and pair.ratio < gate.min_ratio):
            failing.append(pair)
    return failing


def _small_in_words(gate: FairnessGate, small: Sequence[_Group]) -> str:
    named = [f"{group.name} ({'no counts' if group.n is None else group.n})" for group in small[:_NAMED]]
    rest = f" and {len(small) - _NAMED} more" if len(small) > _NAMED else ""
    return f"too few examples, under {gate.min_n}: {', '.join(named)}{rest}"
