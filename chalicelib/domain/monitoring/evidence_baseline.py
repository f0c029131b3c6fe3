"""Baselines that lie in an evidence file of a version: the histograms as JSON, as `moorage.monitoring` writes them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError
from chalicelib.domain.evidence.evidence_file import EvidenceFile
from chalicelib.domain.monitoring.monitor import MAX_BASELINE_BYTES, invalid
from chalicelib.domain.statistics.histogram import MAX_COUNT, Histogram, Kind, from_document

POINTER: Final = "/baseline/evidence_file"
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """The evidence file ``name`` of a version, a number or an alias, as the baseline."""

    version: str
    name: str


def check_size(name: str, file: EvidenceFile) -> None:
    """Raise BodyTooLargeError for a file that is larger than a baseline can be, so that nobody reads it."""
    if file.size > MAX_BASELINE_BYTES:
        raise BodyTooLargeError(
            f"{POINTER} has {file.size} bytes, and a baseline has at most {MAX_BASELINE_BYTES}: attach one of fewer "
            f"features or bins under another name than {name!r}."
        )


def origin(number: int, name: str, file: EvidenceFile) -> str:
    """Where a baseline is from, in words."""
    evaluation = f" of the evaluation {file.evaluation}" if file.evaluation else ""
    return f"{name}{evaluation} of version {number}, SHA-256 {file.sha256}"


def histograms_in(content: bytes) -> tuple[Histogram, ...]:
    """The histograms of a file, each with fields of the right types. The rest is checked when the monitor is saved.

    Raises InvalidInputError.
    """
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _unfit("it is not JSON") from error
    if not isinstance(given, list) or not given:
        raise _unfit("it is not a list of histograms")
    return tuple(_histogram(one, f"/{index}") for index, one in enumerate(given))


def _histogram(given: object, place: str) -> Histogram:
    if not isinstance(given, Mapping):
        raise _unfit(f"{place} is not an object")
    unknown = sorted(given.keys() - _FIELDS.keys())
    if unknown:
        raise _unfit(f"{place} has {unknown[0][:64]!r}, which is no field of a histogram")
    for field, (is_right, wanted, needed) in _FIELDS.items():
        if (needed or field in given) and not is_right(given.get(field)):
            raise _unfit(f"{place}/{field} must be {wanted}")
    try:
        return from_document({"n": sum(given["counts"]), **given})
    except InvalidInputError as error:
        raise _unfit(f"{place}{error.detail.rstrip('.')}") from error


def _unfit(why: str) -> InvalidInputError:
    advice = "attach what `baseline(…).document()` of `moorage.monitoring` gives, as JSON"
    return invalid(POINTER, f"is no baseline, for {why}; {advice}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list_of(is_right: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(is_right, value))


def _is_count(value: object) -> bool:
    # The sum of larger ones may have more digits than Python writes.
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_COUNT


def _is_text(value: object) -> bool:
    # JSON can escape half of a surrogate pair, which cannot be stored.
    return isinstance(value, str) and _SURROGATE.search(value) is None


def _is_kind(value: object) -> bool:
    return _is_text(value) and value in [kind.value for kind in Kind]


def _is_moment(value: object) -> bool:
    return value is None or _is_number(value)


# What the fields must be, in words, and whether they must be there.
_FIELDS: Final[Mapping[str, tuple[Callable[[Any], bool], str, bool]]] = {
    "name": (_is_text, "a text in Unicode", True),
    "kind": (_is_kind, "numeric or categorical", True),
    "counts": (_list_of(_is_count), f"a list of integers of at most {MAX_COUNT}", True),
    "missing": (_is_count, f"an integer of at most {MAX_COUNT}", True),
    "n": (_is_count, f"an integer of at most {MAX_COUNT}", False),
    "edges": (_list_of(_is_number), "a list of numbers", False),
    "values": (_list_of(_is_text), "a list of texts in Unicode", False),
    **dict.fromkeys(("mean", "m2", "min", "max"), (_is_moment, "a number or null", False)),
}
