"""Scanning the files of a version. Nothing of it touches a ledger: the result is an item, which is judged later.

An attempt goes as far as the function's time lets it. What it has scanned is known to the next one, so a version with
much to scan takes several. After three attempts there is a result, whatever happened: each is counted before it reads
anything, so one that kills its function counts too.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws import keys
from chalicelib.aws.scanning.file_lists import file_list
from chalicelib.aws.scanning.object_source import ObjectGoneError
from chalicelib.aws.scanning.scanned_items import Asked, forget_attempts, keep_result, note_attempt
from chalicelib.aws.services import Services
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.findings import scanned
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.scanning.engine import OWN, Engine
from chalicelib.registry.scanning.files import Reading, known_key, scan_known, scan_stored, unscannable

MOST_ATTEMPTS: Final = 3
# What an attempt must keep of its time: for reads that are under way, and for writing what they gave.
_RESERVE_SECONDS: Final = 60.0


class ScanUnfinishedError(Exception):
    """The time of the function is over, and files are left. Lambda calls it again, and it goes on with them."""


def scan_version(
    services: Services, asked: Asked, seconds_left: Callable[[], float], reading: Reading, engine: Engine = OWN
) -> ScanResult:
    """Scan a version, write the result for the function ``quarantine``, and return it.

    May be repeated, and may run twice at once. Raises ScanUnfinishedError.
    """
    attempts = keys.scan_attempts(asked.uid, engine.prefix)
    attempt = note_attempt(services.table, attempts, RULESET, services.clock())
    try:
        result = _attempted(services, engine, asked, attempt, seconds_left, reading)
        kept = keys.scan_result(asked.uid, engine.prefix)
        keep_result(services.table, kept, asked, result, services.clock())
    except (BotoCoreError, ClientError):
        # No fault of the files, so it does not count against them. Lambda and the keeper bound how often it happens.
        forget_attempts(services.table, attempts, RULESET, services.clock())
        raise
    forget_attempts(services.table, attempts, RULESET, services.clock())
    return result


def _attempted(
    services: Services, engine: Engine, asked: Asked, attempt: int, seconds_left: Callable[[], float], reading: Reading
) -> ScanResult:
    """What an attempt comes to. Raises ScanUnfinishedError if another one may go on."""

    def in_time() -> bool:
        return seconds_left() > _RESERVE_SECONDS

    def failed(failure: str, *, cut_off: bool = False) -> ScanResult:
        return ScanResult(asked.uid, asked.requested_at, RULESET, None, failure, cut_off, engine.name)

    if attempt > MOST_ATTEMPTS:
        return failed(f"The scan was cut off {MOST_ATTEMPTS} times.", cut_off=True)
    files = file_list(services.table, asked.model, asked.number)
    if files is None:
        return failed("The version has no list of files.")
    try:
        scans = _scans(services, engine, asked.uid, files, in_time, reading)
    except ObjectGoneError:
        return failed("S3 does not have the bytes of all files.")
    left = len(files) - len(scans)
    if not left:
        return ScanResult(asked.uid, asked.requested_at, RULESET, scanned(scans), scanner=engine.name)
    if attempt < MOST_ATTEMPTS:
        raise ScanUnfinishedError(f"{len(scans)} of {len(files)} files are scanned")
    return failed(f"{left} of {len(files)} files were not scanned in the time for it.", cut_off=True)


def _scans(
    services: Services,
    engine: Engine,
    uid: str,
    files: Sequence[File],
    in_time: Callable[[], bool],
    reading: Reading,
) -> Mapping[str, FileScan]:
    """The scans of the files, by path, without those for which the time was too short."""
    found = {file.path: scan for file in files if (scan := unscannable(engine, file)) is not None}
    stored = [file for file in files if file.path not in found]
    key_of = partial(known_key, engine)
    known = services.table.load_all(list(dict.fromkeys(map(key_of, stored))))
    found |= {file.path: scan_known(file, known[key_of(file)]) for file in stored if key_of(file) in known}
    unread = [file for file in stored if file.path not in found]

    def read(file: File) -> FileScan | None:
        return scan_stored(services, engine, uid, file, in_time, reading) if in_time() else None

    with ThreadPoolExecutor(engine.workers) as pool:
        made = zip(unread, pool.map(read, unread), strict=True)
        return found | {file.path: scan for file, scan in made if scan is not None}
