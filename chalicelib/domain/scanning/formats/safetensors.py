"""Safetensors: a length, a header in JSON, then bytes that nothing executes.

The format: https://github.com/huggingface/safetensors#format. What the library refuses is refused here too.
"""

from typing import Any, Final

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.formats.json_text import parse_json
from chalicelib.domain.scanning.formats.secrets import secrets_in
from chalicelib.domain.scanning.reasons import MalformedError, shown
from chalicelib.domain.scanning.source import Source, TooMuchReadError

FORMAT: Final = "safetensors"
# Bytes of the header. The library takes 100 MB.
MAX_HEADER: Final = 16 * 1024 * 1024
_METADATA: Final = "__metadata__"
_FIELDS: Final = frozenset({"dtype", "shape", "data_offsets"})
# Bits of an element.
_BITS: Final = {
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
}


def scan_safetensors(source: Source) -> FileScan:
    """Reads the header only. Raises MalformedError, TooMuchReadError."""
    if source.size < 8:
        raise MalformedError("It is shorter than the length that it starts with.")
    length = int.from_bytes(source.read(0, 8), "little")
    if length > source.size - 8:
        raise MalformedError("Its header is longer than the file.")
    if length > MAX_HEADER:
        raise TooMuchReadError
    raw = source.read(8, length)
    if not raw.startswith(b"{"):
        raise MalformedError("Its header is no JSON object.")
    header = parse_json(raw)
    metadata = header.pop(_METADATA, None)
    reasons = secrets_in("\n".join(_texts(metadata)), _METADATA)
    _check_tensors(header, source.size - 8 - length)
    return FileScan(FORMAT, tuple(reasons))


def _texts(metadata: Any) -> list[str]:
    if metadata is None:
        return []
    if not isinstance(metadata, dict) or any(not isinstance(value, str) for value in metadata.values()):
        raise MalformedError("Its metadata is no object of texts.", _METADATA)
    return [f"{name}={value}" for name, value in metadata.items()]


def _check_tensors(header: dict[str, Any], available: int) -> None:
    """Tensors must follow each other without a gap, fill the file, and be as long as their shape says."""
    spans = sorted(_span(name, tensor) for name, tensor in header.items())
    end = 0
    for start, tensor_end, name in spans:
        if start != end:
            raise MalformedError("A tensor does not start where the one before ends.", name)
        end = tensor_end
    if end != available:
        raise MalformedError("The tensors do not end where the file ends.")


def _span(name: str, tensor: Any) -> tuple[int, int, str]:
    where = shown(name)
    if not isinstance(tensor, dict) or tensor.keys() != _FIELDS:
        raise MalformedError("A tensor has not exactly a dtype, a shape and offsets.", where)
    bits = _BITS.get(tensor["dtype"]) if isinstance(tensor["dtype"], str) else None
    if bits is None:
        raise MalformedError("A tensor has an unknown dtype.", where)
    offsets = _naturals(tensor["data_offsets"], where)
    if len(offsets) != 2 or offsets[0] > offsets[1]:
        raise MalformedError("The offsets of a tensor are not its start and its end.", where)
    for length in _naturals(tensor["shape"], where):
        bits *= length
        if bits >= 1 << 64:
            raise MalformedError("A tensor has more elements than can be counted.", where)
    start, end = offsets
    if bits != 8 * (end - start):
        raise MalformedError("A tensor is not as long as its dtype and shape say.", where)
    return start, end, where


def _naturals(values: Any, where: str) -> list[int]:
    if not isinstance(values, list) or any(type(value) is not int or not 0 <= value < 1 << 64 for value in values):
        raise MalformedError("A shape or offset is no list of numbers from 0 on.", where)
    return values
