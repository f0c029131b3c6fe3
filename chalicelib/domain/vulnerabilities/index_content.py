"""Reading an advisory index from its bytes: gzipped JSON of a bounded size, every part of which is checked once."""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.severity import Severity
from chalicelib.domain.versions.requirement import normalised
from chalicelib.domain.vulnerabilities.advisory_index import MAX_BYTES, MAX_OBJECTS, MAX_VALUES, AdvisoryIndex
from chalicelib.domain.vulnerabilities.finding import ADVISORY_ID

FORMAT: Final = 1
_EVENTS: Final = frozenset({"introduced", "fixed", "last_affected", "limit"})
_SEVERITIES: Final = frozenset(Severity)


class InvalidAdvisoryIndexError(InvalidInputError):
    """The advisory index is damaged, too large, or of another form than the registry reads."""

    code = "invalid_advisory_index"
    title = "Invalid advisory index"


def index_from(compressed: bytes) -> AdvisoryIndex:
    """The index of bytes that were checked before. Raises InvalidAdvisoryIndexError."""
    return AdvisoryIndex(_unpacked(compressed))


def checked_index(compressed: bytes, ecosystem: str) -> AdvisoryIndex:
    """The index, once all of its parts are found to have the form of one. Raises InvalidAdvisoryIndexError."""
    document = _unpacked(compressed)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _invalid(f"it is no index of format {FORMAT}; make it with a client of this release")
    if document.get("ecosystem") != ecosystem:
        raise _invalid(f"it is about {document.get('ecosystem')!r}, not about {ecosystem!r}")
    advisories, packages = document.get("advisories"), document.get("packages")
    if not isinstance(advisories, dict) or not isinstance(packages, dict):
        raise _invalid("it lacks its advisories or its packages")
    for name, about in advisories.items():
        if not (ADVISORY_ID.fullmatch(name) and _is_advisory(about)):
            raise _invalid(f"its advisory {name[:128]!r} does not have the form of one")
    for name, entries in packages.items():
        if name != normalised(name) or not (isinstance(entries, list) and _are_entries(entries, advisories)):
            raise _invalid(f"what it says of the package {name[:128]!r} does not have the form of it")
    return AdvisoryIndex(document)


def _unpacked(compressed: bytes) -> Any:
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpack.decompress(compressed, MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise _invalid(f"it has more than {MAX_BYTES} bytes of JSON")
        if not unpack.eof or unpack.unused_data:
            raise _invalid("its gzip data is cut off, or something follows it")
        _check_count(content)
        return json.loads(content)
    except (zlib.error, ValueError, RecursionError):
        raise _invalid("it is not JSON compressed with gzip") from None


def _check_count(content: bytes) -> None:
    """Raise InvalidAdvisoryIndexError for so many values that they take more memory than a function has.

    They are counted by what begins or parts them, before any is made. Names that hold such a character count too.
    """
    if content.count(b"{") > MAX_OBJECTS:
        raise _invalid(f"it has more than {MAX_OBJECTS} objects")
    if content.count(b"[") + content.count(b",") > MAX_VALUES:
        raise _invalid(f"it has more than {MAX_VALUES} values")


def _is_advisory(about: Any) -> bool:
    return isinstance(about, dict) and _is_severity(about.get("severity")) and _are_ids(about.get("aliases"))


def _is_severity(name: Any) -> bool:
    return isinstance(name, str) and name in _SEVERITIES


def _are_ids(names: Any) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) and ADVISORY_ID.fullmatch(name) for name in names)


def _are_entries(entries: Sequence[Any], advisories: Mapping[str, Any]) -> bool:
    return all(
        isinstance(entry, dict)
        and isinstance(entry.get("id"), str)
        and entry["id"] in advisories
        and isinstance(entry.get("ranges"), list)
        and all(isinstance(events, list) and all(map(_is_event, events)) for events in entry["ranges"])
        and isinstance(entry.get("versions"), list)
        and all(isinstance(version, str) for version in entry["versions"])
        for entry in entries
    )


def _is_event(event: Any) -> bool:
    return isinstance(event, list) and len(event) == 2 and event[0] in _EVENTS and isinstance(event[1], str)


def _invalid(why: str) -> InvalidAdvisoryIndexError:
    return InvalidAdvisoryIndexError(f"The advisory index cannot be used: {why}.")
