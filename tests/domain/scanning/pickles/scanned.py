"""Scans of bytes in memory, by the kind of the file."""

from functools import partial

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.pickles.npy import scan_npy
from chalicelib.domain.scanning.pickles.scan import scan_pickle
from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes
from tests.domain.scanning.pickles.corpus import ARRAY, COMPRESSED, PLAIN

_SCANS = {ARRAY: scan_npy, COMPRESSED: partial(scan_file, "model.pkl"), PLAIN: scan_pickle}


def scanned(content: bytes, kind: str = PLAIN) -> FileScan:
    return _SCANS[kind](Bytes(content))


def codes(scan: FileScan) -> set[str]:
    return {reason.code for reason in scan.reasons}
