"""Headers of formats, made by hand, so that each of their parts can be wrong."""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias


def safetensors(header: Mapping[str, Any] | bytes, weights: bytes = b"") -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + weights


def tensor(start: int, end: int, shape: Sequence[int] | None = None, dtype: str = "U8") -> dict[str, Any]:
    return {"dtype": dtype, "shape": [end - start] if shape is None else shape, "data_offsets": [start, end]}


GgufValue: TypeAlias = "str | int | Sequence[str] | bytes"
# Name, dimensions, type, offset.
GgufTensor: TypeAlias = tuple[str, Sequence[int], int, int]


def gguf(
    values: Sequence[tuple[str, GgufValue]] = (),
    tensors: Sequence[GgufTensor] = (),
    weights: bytes = b"",
    version: int = 3,
    alignment: int = 32,
) -> bytes:
    """A GGUF file. A value is a text, a number of 32 bits, a list of texts, or its bytes from the type on."""
    made = [struct.pack("<4sLQQ", b"GGUF", version, len(tensors), len(values))]
    for name, value in values:
        made += [_text(name), _value(value)]
    for name, shape, kind, offset in tensors:
        made += [_text(name), struct.pack(f"<L{len(shape)}QLQ", len(shape), *shape, kind, offset)]
    content = b"".join(made)
    return content + b"\0" * (-len(content) % alignment) + weights


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _value(value: GgufValue) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, int):
        return struct.pack("<LL", 4, value)
    if isinstance(value, str):
        return struct.pack("<L", 8) + _text(value)
    return struct.pack("<LLQ", 9, 8, len(value)) + b"".join(_text(text) for text in value)


def message(*fields: tuple[int, "int | str | bytes"]) -> bytes:
    """A message of Protocol Buffers: numbers of fields with varints, texts or messages."""
    return b"".join(_field(number, value) for number, value in fields)


def _field(number: int, value: "int | str | bytes") -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])
