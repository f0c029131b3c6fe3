"""Reads histograms of Prometheus: what was counted between two scrapes of a server, as the summary of a window.

Formats: https://prometheus.io/docs/instrumenting/exposition_formats/ and OpenMetrics, which that page describes as
well. Buckets hold their upper bound, as Moorage's do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite

from moorage.monitoring.feature import NUMERIC, FeatureSummary

_LABELS = r'\{(?P<labels>(?:[^"}]|"(?:[^"\\]|\\.)*")*)\}'
# After the value may stand a time and, in OpenMetrics, an exemplar.
_SAMPLE = re.compile(rf"(?P<name>[a-zA-Z_:][\w:]*)(?:{_LABELS})?\s+(?P<value>\S+)(?:\s+-?[\d.]+)?(?:\s+#.*)?")
_LABEL = re.compile(r'\s*(\w+)="((?:[^"\\]|\\.)*)"\s*,?')
_ESCAPED = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


@dataclass(slots=True)
class _Scrape:
    """Cumulated counts by upper bound, and the sum of all values, over all series of a histogram."""

    counts: dict[float, float] = field(default_factory=dict)
    total: float = 0.0


def histogram(
    before: str, after: str, name: str, *, labels: Mapping[str, str] | None = None, feature: str | None = None
) -> FeatureSummary:
    """What the histogram ``name`` counted between two scrapes, each the text of ``/metrics``.

    Series that have ``labels`` among theirs are added up. After a restart of the server the counters begin at 0, so
    that all of ``after`` counts. The summary is called ``feature``, or as the histogram is. It knows the mean, but no
    other moments. Raises ValueError if ``after`` lacks the histogram, and if the buckets of the two differ.
    """
    wanted = dict(labels or {})
    first, last = _scraped(before, name, wanted), _scraped(after, name, wanted)
    if not last.counts or inf not in last.counts:
        raise ValueError(f"the later scrape has no histogram {name!r} with these labels")
    if first.counts and first.counts.keys() != last.counts.keys():
        raise ValueError(f"the buckets of {name!r} changed between the scrapes: begin a new baseline")
    if any(count > last.counts[bound] for bound, count in first.counts.items()):
        first = _Scrape()
    bounds = sorted(last.counts)
    if len(bounds) == 1:
        raise ValueError(f"the histogram {name!r} has no bucket but +Inf: configure its buckets")
    cumulated = [round(last.counts[bound] - first.counts.get(bound, 0)) for bound in bounds]
    counts = tuple(above - below for below, above in zip([0, *cumulated[:-1]], cumulated, strict=True))
    if min(counts) < 0:
        raise ValueError(f"the buckets of {name!r} do not grow with their bounds: scrape the server again")
    mean = (last.total - first.total) / cumulated[-1] if cumulated[-1] else None
    return FeatureSummary(
        feature or name,
        NUMERIC,
        counts,
        edges=tuple(bounds[:-1]),
        mean=mean if mean is not None and isfinite(mean) else None,
    )


def _scraped(text: str, name: str, wanted: Mapping[str, str]) -> _Scrape:
    scrape = _Scrape()
    # At line feeds alone: a label may hold what other texts are split at.
    for line in text.split("\n"):
        sample = _SAMPLE.fullmatch(line.strip())
        if sample is None or sample["name"] not in (f"{name}_bucket", f"{name}_sum"):
            continue
        labels = {key: _unescaped(value) for key, value in _LABEL.findall(sample["labels"] or "")}
        if wanted.items() <= labels.items():
            value = float(sample["value"])
            if sample["name"] == f"{name}_sum":
                scrape.total += value
            elif "le" not in labels:
                raise ValueError(f"a bucket of {name!r} has no label 'le', so it belongs to no histogram")
            else:
                bound = float(labels["le"])
                scrape.counts[bound] = scrape.counts.get(bound, 0) + value
    return scrape


def _unescaped(value: str) -> str:
    return re.sub(r"\\.", lambda escape: _ESCAPED.get(escape[0], escape[0]), value)
