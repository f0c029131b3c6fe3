"""Scanning the files of a version. Nothing of it touches a ledger: the result is an item, which is judged later.

An attempt goes as far as the function's time lets it. What it has scanned is known to the next one, so a version with
much to scan takes several. After three attempts there is a result, whatever happened: each is counted before it reads
anything, so one that kills its function counts too.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws.scanning.file_lists import file_list
from chalicelib.aws.scanning.object_source import ObjectGoneError
from chalicelib.aws.scanning.scanned_items import Asked, forget_attempts, note_attempt, result_item
from chalicelib.aws.services import Services
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.findings import scanned
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.scanning.files import Reading, known_key, scan_known, scan_stored, unscannable

MOST_ATTEMPTS: Final = 3
# What an attempt must keep of its time: for reads that are under way, and for writing what they gave.
_RESERVE_SECONDS: Final = 60.0
# They mostly wait for S3. A pickle that must be read whole takes up to 64 MiB of memory in each.
_WORKERS: Final = 4


class ScanUnfinishedError(Exception):
    """The time of the function is over, and files are left. Lambda calls it again, and it goes on with them."""


def scan_version(services: Services, asked: Asked, seconds_left: Callable[[], float], reading: Reading) -> ScanResult:
    """Scan a version, write the result for the function ``quarantine``, and return it.

    May be repeated, and may run twice at once. Raises ScanUnfinishedError.
    """
    attempt = note_attempt(services.table, asked.uid, RULESET, services.clock())
    try:
        result = _attempted(services, asked, attempt, seconds_left, reading)
        services.table.put(result_item(asked, result, services.clock()))
    except (BotoCoreError, ClientError):
        # No fault of the files, so it does not count against them. Lambda and the keeper bound how often it happens.
        forget_attempts(services.table, asked.uid, RULESET, services.clock())
        raise
    forget_attempts(services.table, asked.uid, RULESET, services.clock())
    return result


def _attempted(
    services: Services, asked: Asked, attempt: int, seconds_left: Callable[[], float], reading: Reading
) -> ScanResult:
    """What an attempt comes to. Raises ScanUnfinishedError if another one may go on."""

    def in_time() -> bool:
        return seconds_left() > _RESERVE_SECONDS

    if attempt > MOST_ATTEMPTS:
        return _failed(asked, f"The scan was cut off {MOST_ATTEMPTS} times.", cut_off=True)
    files = file_list(services.table, asked.model, asked.number)
    if files is None:
        return _failed(asked, "The version has no list of files.")
    try:
        scans = _scans(services, asked.uid, files, in_time, reading)
    except ObjectGoneError:
        return _failed(asked, "S3 does not have the bytes of all files.")
    left = len(files) - len(scans)
    if not left:
        return ScanResult(asked.uid, asked.requested_at, RULESET, scanned(scans))
    if attempt < MOST_ATTEMPTS:
        raise ScanUnfinishedError(f"{len(scans)} of {len(files)} files are scanned")
    return _failed(asked, f"{left} of {len(files)} files were not scanned in the time for it.", cut_off=True)


def _scans(
    services: Services, uid: str, files: Sequence[File], in_time: Callable[[], bool], reading: Reading
) -> Mapping[str, FileScan]:
    """The scans of the files, by path, without those for which the time was too short."""
    found = {file.path: scan for file in files if (scan := unscannable(file)) is not None}
    stored = [file for file in files if file.path not in found]
    known = services.table.load_all(list(dict.fromkeys(map(known_key, stored))))
    found |= {file.path: scan_known(file, known[known_key(file)]) for file in stored if known_key(file) in known}
    unread = [file for file in stored if file.path not in found]

    def read(file: File) -> FileScan | None:
        return scan_stored(services, uid, file, in_time, reading) if in_time() else None

    with ThreadPoolExecutor(_WORKERS) as pool:
        made = zip(unread, pool.map(read, unread), strict=True)
        return found | {file.path: scan for file, scan in made if scan is not None}


def _failed(asked: Asked, failure: str, *, cut_off: bool = False) -> ScanResult:
    return ScanResult(asked.uid, asked.requested_at, RULESET, None, failure, cut_off)
