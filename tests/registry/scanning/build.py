"""Versions that wait for their scan, the scanner's run on one, and pickles that would run something."""

import json
import pickle
from types import SimpleNamespace
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.names import SCANNED_PREFIX
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.scanning.scan_state import Scan
from chalicelib.domain.versions.version import Version
from chalicelib.reactions.scanning.opinion import opinion
from chalicelib.reactions.scanning.quarantine import quarantine
from chalicelib.reactions.scanning.scanner import scanner
from chalicelib.registry.audit import audit
from chalicelib.registry.scanning import scans
from chalicelib.registry.versions import uploads, versions
from tests.registry.build import MODEL, file, put, registered, request

TEXT = b'{"layers": 3}'
PLAIN = pickle.dumps({"weights": [1.0, 2.0]})


class Shell:
    """Pickled, it is a call of a shell. Nothing here ever unpickles it."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        import os

        return os.system, ("echo taken over",)


def hostile() -> bytes:
    return pickle.dumps(Shell())


def uploaded(registry: Services, contents: dict[str, bytes]) -> dict[str, Any]:
    """Make a version of these files READY, of a model that exists already; answers the event of that."""
    version = registered(registry, *(file(path, content) for path, content in contents.items()))
    for path, content in contents.items():
        put(registry, version, path, content)
    uploads.finalise_version(registry, request(), MODEL, str(version.version.number))
    return last_event(registry)


def asked(registry: Services, number: int = 1) -> dict[str, Any]:
    """Ask for the scan of a version; answers the event of that."""
    scans.request_scan(registry, request(), MODEL, str(number))
    return last_event(registry)


def version(registry: Services, number: int = 1) -> Version:
    return versions.get_version(registry, MODEL, str(number))


def scan_of(registry: Services, number: int = 1) -> Scan:
    """The scan of a version that was asked for one."""
    found = version(registry, number).scan
    assert found is not None
    return found


def last_event(registry: Services) -> dict[str, Any]:
    event: dict[str, Any] = audit.list_events(registry, f"model:{MODEL}", "newest", 1, None).items[0]
    return event


def scan(event: dict[str, Any], seconds: float = 900.0) -> None:
    """Run the scanner on an event, with this much time."""
    scanner({"detail": json.loads(json.dumps(event))}, _context("scanner", seconds))


def ask_another(event: dict[str, Any], seconds: float = 900.0) -> None:
    """Run the function that gives second opinions on an event, with this much time."""
    opinion({"detail": json.loads(json.dumps(event))}, _context("opinion", seconds))


def _context(function: str, seconds: float) -> SimpleNamespace:
    return SimpleNamespace(
        aws_request_id="lambda-1", get_remaining_time_in_millis=lambda: seconds * 1_000, function_name=function
    )


def result_of(registry: Services, number: int = 1, prefix: str = SCANNED_PREFIX) -> Item:
    """What the scanner wrote of a version, or the function to whose items ``prefix`` leads."""
    stored = registry.table.get(keys.scan_result(version(registry, number).uid, prefix))
    assert stored is not None
    return stored


def judge(stored: Item) -> None:
    """Give a result to the function quarantine, as the stream does."""
    image = {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in stored.items()}
    quarantine({"Records": [{"dynamodb": {"NewImage": image}}]}, SimpleNamespace(aws_request_id="lambda-2"))
