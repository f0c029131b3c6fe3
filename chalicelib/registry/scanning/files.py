"""The scan of one file of a version: out of what is known of these bytes, or by reading them."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.log import log_line
from chalicelib.aws.scanning.object_source import ObjectGoneError, ObjectSource, OutOfTimeError
from chalicelib.aws.scanning.scanned_items import KnownFile, known_from, known_item
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.source import TooMuchReadError
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.versions.manifest import MIB, File, Proof
from chalicelib.registry.scanning.engine import Engine

# Of one file, those that are read again counted again.
_MOST_READ: Final = 256 * MIB
# A file up to this size is hashed if S3 could not prove its SHA-256.
_HASHED_SIZE: Final = 64 * MIB
# Of one file's findings. Those of a whole version take 64 KiB at most (domain/scanning/findings.py).
_MOST_BYTES: Final = 32 * 1024
_MOST_CHARACTERS: Final = 300
# How many reasons and imports are kept: the first number with which they fit. So few as the last always do.
_MOST_LISTED: Final = (1_000, 200, 50, 10, 3)


@dataclass(slots=True)
class Reading:
    """What scanning a version has cost so far. Several threads count."""

    requests: int = 0
    bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def add(self, requests: int, read: int) -> None:
        with self._lock:
            self.requests += requests
            self.bytes += read


def unscannable(engine: Engine, file: File) -> FileScan | None:
    """What is said of a file without looking: a reference has no bytes here. None of any other."""
    return None if file.uri is None and file.s3_version is not None else engine.without_bytes


def known_key(engine: Engine, file: File) -> Key:
    """Where the verdict on a file is kept: by what S3 has proved of its bytes, and by its path, which rules look at."""
    proved = file.sha256 if file.verified is Proof.SHA256 else file.s3_checksum
    return keys.scanned_file(proved, file.size, file.path, engine.rules, engine.prefix)


def scan_known(file: File, stored: Item) -> FileScan:
    """The scan of a file whose bytes were scanned before."""
    return _judged(file, known_from(stored))


def scan_stored(
    services: Services, engine: Engine, uid: str, file: File, in_time: Callable[[], bool], reading: Reading
) -> FileScan | None:
    """Scan a file by reading it, and keep the verdict; None if the time is over, and the next attempt must do it.

    Raises ObjectGoneError if the bytes are not there, and botocore's errors if S3 or DynamoDB fails: then there is no
    verdict either. Whatever else goes wrong with a file is a reason to look at it.
    """
    key, s3_version = object_key(uid, file.path), file.s3_version or ""
    source = ObjectSource(
        services.client("s3"), services.settings.bucket, key, s3_version, file.size, _MOST_READ, in_time
    )
    try:
        digest = _proved_sha256(file, source) if engine.hashes else ""
        known = KnownFile(_bounded(engine.scan(file.path, source)), digest)
    except (BotoCoreError, ClientError, ObjectGoneError):
        raise
    except OutOfTimeError:
        return None
    except TooMuchReadError:
        reason = Reason(Verdict.REVIEW, "too_much_to_read", f"Scanning it takes more than {_MOST_READ // MIB} MiB.")
        known = KnownFile(FileScan("", (reason,)), "")
    except Exception as error:  # noqa: BLE001 - what the scanner fails at is for review, and keeps no other file waiting
        frames = traceback.format_tb(error.__traceback__)
        log_line("scan_error", uid=uid, path=file.path, error=type(error).__name__, traceback=frames)
        text = f"The scanner failed at it ({type(error).__name__})."
        # Not kept: the fault is the scanner's, so the next scan tries again.
        return FileScan("", (Reason(Verdict.REVIEW, "scan_error", text),))
    finally:
        reading.add(source.requests, source.fetched)
    if source.interrupted:
        return None
    services.table.put(known_item(known_key(engine, file), known, services.clock()))
    return _judged(file, known)


def _proved_sha256(file: File, source: ObjectSource) -> str:
    """The SHA-256 of a file's bytes if it was not proved and they are few; else nothing."""
    return source.sha256() if file.verified is Proof.COMPOSITE and file.size <= _HASHED_SIZE else ""


def _judged(file: File, known: KnownFile) -> FileScan:
    """The scan of a file with these bytes. Its declared SHA-256 must be theirs."""
    if known.sha256 in ("", file.sha256):
        return known.scan
    text = f"Its SHA-256 is {known.sha256}, and not the declared one."
    return replace(known.scan, reasons=(Reason(Verdict.REVIEW, "sha256_differs", text), *known.scan.reasons))


def _bounded(scan: FileScan) -> FileScan:
    """The scan with as much as fits into the findings of a version. The verdict stays: the worst reasons are kept."""
    order = tuple(Verdict)
    worst_first = sorted(scan.reasons, key=lambda reason: -order.index(reason.verdict))
    for most in _MOST_LISTED:
        kept = tuple(_shortened(reason) for reason in worst_first[:most])
        names = tuple(_cut(name) for name in scan.imports[:most])
        left_out = max(0, len(worst_first) - most), max(0, len(scan.imports) - most)
        if any(left_out):
            text = f"{left_out[0]} more findings and {left_out[1]} more imports are left out."
            kept = (*kept, Reason(Verdict.CLEAN, "left_out", text))
        bounded = FileScan(scan.format, kept, names)
        if len(canonical_json(bounded.document()).encode()) <= _MOST_BYTES:
            break
    return bounded


def _shortened(reason: Reason) -> Reason:
    return replace(reason, text=_cut(reason.text), where=_cut(reason.where))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
