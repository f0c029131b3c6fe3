"""The opcodes that push a number, a text or bytes: what they read, and how much of it is kept."""

import struct
from collections.abc import Callable
from typing import Final

from chalicelib.domain.scanning.pickles.limits import MAX_NAME_CHARACTERS
from chalicelib.domain.scanning.pickles.machine import Effect, Machine
from chalicelib.domain.scanning.pickles.nested import looks_like_a_pickle, looks_like_an_encoded_pickle
from chalicelib.domain.scanning.pickles.stream import BrokenError
from chalicelib.domain.scanning.pickles.text import unescaped
from chalicelib.domain.scanning.pickles.values import Plain, Value

# Integers that could be a length or a count. Longer ones are not kept.
_MAX_INTEGER_BYTES: Final = 16

Size = Callable[[Machine], int]


def _sized(layout: str) -> Size:
    unpack, length = struct.Struct(layout).unpack, struct.calcsize(layout)

    def read(machine: Machine) -> int:
        return int(unpack(machine.stream.exactly(length))[0])

    return read


def uint1(machine: Machine) -> int:
    return machine.stream.exactly(1)[0]


uint2, uint4, uint8 = _sized("<H"), _sized("<I"), _sized("<Q")
int4 = _sized("<i")


def pushes(value: Value, /) -> Effect:
    def effect(machine: Machine) -> None:
        machine.stack.append(value)

    return effect


def pushes_integer(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        machine.stack.append(size(machine))

    return effect


def skips(count: int) -> Effect:
    """Pushes a value that takes so many bytes, and is none that matters."""

    def effect(machine: Machine) -> None:
        machine.stream.exactly(count)
        machine.stack.append(Plain.DATA)

    return effect


def skips_line(machine: Machine) -> None:
    machine.stream.literal_line()
    machine.stack.append(Plain.DATA)


def _checked(count: int) -> int:
    if count < 0:
        raise BrokenError("It has a value of a negative length.")
    return count


def pushes_long(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        count = _checked(size(machine))
        content = machine.stream.payload(count)
        small = count <= _MAX_INTEGER_BYTES
        machine.stack.append(int.from_bytes(content, "little", signed=True) if small else Plain.DATA)

    return effect


def pushes_text(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        count = size(machine)
        content = machine.stream.payload(count)
        if count == len(content):
            _push_text(machine, content, "utf-8")
        else:
            _push_long_text(machine, content)

    return effect


def _push_text(machine: Machine, content: bytes, encoding: str) -> None:
    try:
        text = content.decode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError as error:
        raise BrokenError("It has a text that is not valid.") from error
    _note_text(machine, text)
    machine.stack.append(_kept(text))


def _push_long_text(machine: Machine, beginning: bytes) -> None:
    """No name is so long."""
    _note_text(machine, beginning.decode("latin-1"))
    machine.stack.append(Plain.OTHER)


def _kept(text: str) -> Value:
    """The text, if it may be a name that is allowed. Others are not kept, since they would only take memory."""
    return text if text.isascii() and len(text) <= MAX_NAME_CHARACTERS else Plain.OTHER


def _note_text(machine: Machine, text: str) -> None:
    if looks_like_an_encoded_pickle(text):
        machine.findings.note_nested_pickle()


def unicode_line(machine: Machine) -> None:
    content, whole = machine.stream.literal_line()
    if whole:
        _push_text(machine, content, "raw-unicode-escape")
    else:
        _push_long_text(machine, content)


def pushes_python_2_text(size: Size) -> Effect:
    """Bytes of Python 2 become a text, in an encoding that the loader chooses. Latin-1 agrees wherever it is ASCII."""

    def effect(machine: Machine) -> None:
        count = _checked(size(machine))
        content = machine.stream.payload(count)
        _note_bytes(machine, content, whole=count == len(content))
        machine.stack.append(_kept(content.decode("latin-1")))

    return effect


def string_line(machine: Machine) -> None:
    quoted, whole = machine.stream.literal_line()
    content = unescaped(quoted) if whole else quoted[1:]
    _note_bytes(machine, content, whole=whole)
    machine.stack.append(_kept(content.decode("latin-1")) if whole else Plain.OTHER)


def pushes_bytes(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        count = _checked(size(machine))
        content = machine.stream.payload(count)
        _note_bytes(machine, content, whole=count == len(content))
        machine.stack.append(Plain.DATA)

    return effect


def _note_bytes(machine: Machine, content: bytes, *, whole: bool) -> None:
    if looks_like_a_pickle(content, whole=whole):
        machine.findings.note_nested_pickle()


def integer_line(machine: Machine) -> None:
    line, whole = machine.stream.literal_line()
    try:
        # Of a part, nothing is known: what is left out may be all of it but zeros.
        machine.stack.append(line == b"01" if line in (b"00", b"01") else int(line if whole else b"", 0))
    except ValueError:
        # CPython's two unpicklers don't agree on what is a number.
        machine.findings.review("malformed", "It has a line that should be a whole number and is none.")
        machine.stack.append(Plain.DATA)
