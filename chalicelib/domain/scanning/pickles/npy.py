"""Array files of NumPy (``.npy``): a header, and then the elements, or one pickle if they are objects.

The header is a Python literal (``numpy/lib/format.py``). It is read as such, after a look at its characters, so that
nothing but brackets, words, numbers and strings reaches the parser.
"""

import ast
import math
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.pickles.findings import Findings
from chalicelib.domain.scanning.pickles.limits import MAX_HEADER_CHARACTERS
from chalicelib.domain.scanning.pickles.reading import read_all
from chalicelib.domain.scanning.pickles.stream import BrokenError, Stream
from chalicelib.domain.scanning.source import Source, TooMuchReadError

MAGIC: Final = b"\x93NUMPY"

# By version: how its length is written, and its encoding.
_VERSIONS: Final = {(1, 0): ("<H", "latin-1"), (2, 0): ("<I", "latin-1"), (3, 0): ("<I", "utf-8")}
_HARMLESS: Final = re.compile(r"[\w\s'\"<>|=?,:;.(){}\[\]]*\Z")
_CODE: Final = re.compile(r"[<>=|]?([?bBhHiIlLqQefdgFDGSUaVMmcuO])(\d{0,9})(?:\[\w{1,20}\])?\Z")
_BYTES_A_CHARACTER: Final = {"U": 4}
_MAX_DEPTH: Final = 10


@dataclass(frozen=True, slots=True)
class _Elements:
    """What the elements of a type are: how long in bytes, and whether there are objects among them."""

    length: int
    objects: bool


def scan_npy(source: Source, start: int = 0, length: int | None = None, where: str = "") -> FileScan:
    """What loading an array file would do. Arguments and result are as for ``scan_pickle``; the format is ``npy``."""
    findings = Findings(where)
    stream = Stream(source, start, length)
    try:
        elements, count = _header(stream)
        if not elements.objects and stream.left != elements.length * count:
            findings.review("broken", "Its header says another number of bytes than follow.")
    except BrokenError as error:
        findings.review("broken", str(error))
    except TooMuchReadError as error:
        findings.review("too_much", str(error))
    else:
        if elements.objects:
            read_all(stream, findings, joblib=False)
    return findings.scan("npy")


def objects_in(source: Source) -> int | None:
    """Where the pickle of an array of objects begins; None if its elements are no objects, or the header is broken."""
    stream = Stream(source)
    try:
        elements, _ = _header(stream)
    except BrokenError:
        return None
    return stream.position if elements.objects else None


def _header(stream: Stream) -> tuple[_Elements, int]:
    """The type of the elements, and how many there are. The stream then stands at the first one."""
    if stream.exactly(len(MAGIC)) != MAGIC:
        raise BrokenError("It does not begin as an array file.")
    major, minor = stream.exactly(2)
    if (major, minor) not in _VERSIONS:
        raise BrokenError(f"It is an array file of an unknown version, {major}.{minor}.")
    layout, encoding = _VERSIONS[(major, minor)]
    (size,) = struct.unpack(layout, stream.exactly(struct.calcsize(layout)))
    if size > MAX_HEADER_CHARACTERS:
        raise BrokenError(f"Its header is longer than {MAX_HEADER_CHARACTERS} characters.")
    header = _literal(stream.exactly(size), encoding)
    if not isinstance(header, dict) or header.keys() != {"descr", "fortran_order", "shape"}:
        raise BrokenError("Its header is not the description of an array.")
    shape = header["shape"]
    if not isinstance(shape, tuple) or not all(type(each) is int and 0 <= each < 2**63 for each in shape):
        raise BrokenError("Its header has no valid shape.")
    return _elements(header["descr"], _MAX_DEPTH), math.prod(shape)


def _literal(content: bytes, encoding: str) -> Any:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BrokenError("Its header is not valid text.") from error
    if not _HARMLESS.match(text):
        raise BrokenError("Its header has characters that no header needs.")
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise BrokenError("Its header is not a literal.") from error


def _elements(described: Any, depth: int) -> _Elements:
    """What a ``descr`` says: a code, a list of fields (name, type[, shape]), or a type with a shape."""
    if depth and isinstance(described, str):
        return _coded(described)
    if depth and isinstance(described, list):
        return _together(_field(field, depth - 1) for field in described)
    if depth and isinstance(described, tuple) and len(described) == 2:
        return _repeated(_elements(described[0], depth - 1), described[1])
    raise BrokenError("Its header describes elements of an unknown type.")


def _coded(code: str) -> _Elements:
    match = _CODE.match(code)
    if match is None:
        raise BrokenError("Its header describes elements of an unknown type.")
    if match[1] == "O":
        return _Elements(0, objects=True)
    if not match[2]:
        raise BrokenError("Its header does not say how long an element is.")
    return _Elements(int(match[2]) * _BYTES_A_CHARACTER.get(match[1], 1), objects=False)


def _field(field: Any, depth: int) -> _Elements:
    if not isinstance(field, tuple) or len(field) not in (2, 3):
        raise BrokenError("Its header describes elements of an unknown type.")
    elements = _elements(field[1], depth)
    return _repeated(elements, field[2]) if len(field) == 3 else elements


def _repeated(elements: _Elements, shape: Any) -> _Elements:
    lengths = (shape,) if type(shape) is int else shape
    if not isinstance(lengths, tuple) or not all(type(each) is int and 0 <= each < 2**31 for each in lengths):
        raise BrokenError("Its header describes elements of an unknown type.")
    return _Elements(elements.length * math.prod(lengths), elements.objects)


def _together(fields: Iterable[_Elements]) -> _Elements:
    listed = list(fields)
    return _Elements(sum(each.length for each in listed), any(each.objects for each in listed))
