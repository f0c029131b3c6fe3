"""What each opcode reads from the stream, and does to the machine."""

import struct
from collections.abc import Callable
from typing import Final

from chalicelib.domain.scanning.pickles.limits import MAX_TEXT_BYTES
from chalicelib.domain.scanning.pickles.machine import Effect, Machine
from chalicelib.domain.scanning.pickles.nested import looks_like_a_pickle, looks_like_an_encoded_pickle
from chalicelib.domain.scanning.pickles.stream import BrokenError
from chalicelib.domain.scanning.pickles.text import unescaped
from chalicelib.domain.scanning.pickles.values import Plain, Record, Value

STOP: Final = b"."
_NEWEST_PROTOCOL: Final = 5
# Integers that could be a length or a count. Longer ones are not kept.
_MAX_INTEGER_BYTES: Final = 16

Size = Callable[[Machine], int]


def _sized(layout: str) -> Size:
    unpack, length = struct.Struct(layout).unpack, struct.calcsize(layout)

    def read(machine: Machine) -> int:
        return int(unpack(machine.stream.exactly(length))[0])

    return read


_UINT1, _UINT2, _UINT4, _UINT8 = _sized("<B"), _sized("<H"), _sized("<I"), _sized("<Q")
_INT4 = _sized("<i")


def _pushes(value: Value, /) -> Effect:
    def effect(machine: Machine) -> None:
        machine.stack.append(value)

    return effect


def _pushes_integer(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        machine.stack.append(size(machine))

    return effect


def _skips(count: int) -> Effect:
    """Pushes a value that takes so many bytes, and is none that matters."""

    def effect(machine: Machine) -> None:
        machine.stream.exactly(count)
        machine.stack.append(Plain.DATA)

    return effect


def _skips_line(machine: Machine) -> None:
    machine.stream.line()
    machine.stack.append(Plain.DATA)


def _checked(machine: Machine, count: int) -> int:
    if count < 0:
        raise BrokenError("It has a value of a negative length.")
    if count > machine.stream.left:
        raise BrokenError("It ends in the middle of a value.")
    return count


def _pushes_long(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        count = _checked(machine, size(machine))
        content = machine.stream.payload(count)
        small = count <= _MAX_INTEGER_BYTES
        machine.stack.append(int.from_bytes(content, "little", signed=True) if small else Plain.DATA)

    return effect


def _pushes_text(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        count = size(machine)
        if count > MAX_TEXT_BYTES:
            # Too long for a name. It is not kept.
            _note_text(machine, machine.stream.payload(_checked(machine, count)).decode("latin-1"))
            machine.stack.append(Plain.OTHER)
            return
        _push_text(machine, machine.stream.payload(count), "utf-8")

    return effect


def _push_text(machine: Machine, content: bytes, encoding: str) -> None:
    try:
        text = content.decode(encoding, "surrogatepass" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError as error:
        raise BrokenError("It has a text that is not valid.") from error
    _note_text(machine, text)
    machine.stack.append(text)


def _note_text(machine: Machine, text: str) -> None:
    if looks_like_an_encoded_pickle(text):
        machine.findings.note_nested_pickle()


def _unicode_line(machine: Machine) -> None:
    _push_text(machine, machine.stream.line(), "raw-unicode-escape")


def _pushes_python_2_text(size: Size) -> Effect:
    """Bytes of Python 2 become a text, in an encoding that the loader chooses. Latin-1 agrees wherever it is ASCII."""

    def effect(machine: Machine) -> None:
        count = _checked(machine, size(machine))
        content = machine.stream.payload(count)
        _note_bytes(machine, content, whole=count == len(content))
        machine.stack.append(content.decode("latin-1") if count == len(content) else Plain.OTHER)

    return effect


def _string_line(machine: Machine) -> None:
    content = unescaped(machine.stream.line())
    _note_bytes(machine, content, whole=True)
    machine.stack.append(content.decode("latin-1"))


def _pushes_bytes(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        count = _checked(machine, size(machine))
        content = machine.stream.payload(count)
        _note_bytes(machine, content, whole=count == len(content))
        machine.stack.append(Plain.DATA)

    return effect


def _note_bytes(machine: Machine, content: bytes, *, whole: bool) -> None:
    if looks_like_a_pickle(content, whole=whole):
        machine.findings.note_nested_pickle()


def _integer_line(machine: Machine) -> None:
    line = machine.stream.line()
    try:
        machine.stack.append(line == b"01" if line in (b"00", b"01") else int(line, 0))
    except ValueError:
        # CPython's two unpicklers don't agree on what is a number.
        machine.findings.review("malformed", "It has a line that should be a whole number and is none.")
        machine.stack.append(Plain.DATA)


def _index_line(machine: Machine) -> int:
    line = machine.stream.line()
    try:
        return int(line)
    except ValueError as error:
        raise BrokenError("It numbers a value of its memo with something that is no number.") from error


def _remembers(index: Size) -> Effect:
    def effect(machine: Machine) -> None:
        machine.remember(index(machine))

    return effect


def _recalls(index: Size) -> Effect:
    def effect(machine: Machine) -> None:
        machine.recall(index(machine))

    return effect


def _memoize(machine: Machine) -> None:
    machine.remember_next()


def _mark(machine: Machine) -> None:
    machine.marked.append(machine.stack)
    machine.stack = []


def _pop(machine: Machine) -> None:
    if machine.stack:
        machine.stack.pop()
    else:
        machine.pop_to_mark()


def _pop_mark(machine: Machine) -> None:
    machine.pop_to_mark()


def _duplicate(machine: Machine) -> None:
    machine.stack.append(machine.top())


def _tuple_of(count: int) -> Effect:
    def effect(machine: Machine) -> None:
        if len(machine.stack) < count:
            raise BrokenError("It takes values from an empty stack.")
        machine.stack[-count:] = [tuple(machine.stack[-count:])]

    return effect


def _tuple(machine: Machine) -> None:
    values = tuple(machine.pop_to_mark())
    machine.stack.append(values)


def _list(machine: Machine) -> None:
    machine.pop_to_mark()
    machine.stack.append(Plain.LIST)


def _frozen_set(machine: Machine) -> None:
    machine.pop_to_mark()
    machine.stack.append(Plain.DATA)


def _empty_dictionary(machine: Machine) -> None:
    machine.budget.spend_object()
    machine.stack.append(Record())


def _dictionary(machine: Machine) -> None:
    items = machine.pop_to_mark()
    _empty_dictionary(machine)
    machine.set_items(items)


def _append(machine: Machine) -> None:
    value = machine.pop()
    machine.append([value])


def _appends(machine: Machine) -> None:
    values = machine.pop_to_mark()
    machine.append(values)


def _set_item(machine: Machine) -> None:
    value, key = machine.pop(), machine.pop()
    machine.set_items([key, value])


def _set_items(machine: Machine) -> None:
    items = machine.pop_to_mark()
    machine.set_items(items)


def _add_items(machine: Machine) -> None:
    machine.pop_to_mark()
    machine.add_to_set()


def _name(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenError("It imports a name that is not valid text.") from error


def _global(machine: Machine) -> None:
    module, name = _name(machine.stream.line()), _name(machine.stream.line())
    machine.stack.append(machine.imported(module, name))


def _stack_global(machine: Machine) -> None:
    machine.imported_from_stack()


def _reduce(machine: Machine) -> None:
    arguments, callee = machine.pop(), machine.pop()
    machine.call(callee, arguments)


def _instance(machine: Machine) -> None:
    module, name = _name(machine.stream.line()), _name(machine.stream.line())
    arguments = tuple(machine.pop_to_mark())
    machine.call(machine.imported(module, name), arguments)


def _object(machine: Machine) -> None:
    values = machine.pop_to_mark()
    if not values:
        raise BrokenError("It makes an instance of nothing.")
    machine.call(values[0], tuple(values[1:]))


def _new_object(machine: Machine) -> None:
    arguments, made_of = machine.pop(), machine.pop()
    machine.create(made_of, arguments)


def _new_object_with_keywords(machine: Machine) -> None:
    machine.pop()
    _new_object(machine)
    machine.findings.review("unexpected_call", "It creates an instance with named arguments.")


def _build(machine: Machine) -> None:
    state = machine.pop()
    machine.set_state(state)


def _extension(size: Size) -> Effect:
    def effect(machine: Machine) -> None:
        size(machine)
        machine.extension()

    return effect


def _persistent_line(machine: Machine) -> None:
    machine.persistent(machine.stream.line().decode("latin-1"))


def _persistent(machine: Machine) -> None:
    machine.persistent(machine.pop())


def _next_buffer(machine: Machine) -> None:
    machine.findings.review("buffer", "It takes bytes that are handed to the loader apart from the file.")
    machine.stack.append(Plain.UNKNOWN)


def _read_only_buffer(machine: Machine) -> None:
    machine.top()


def _protocol(machine: Machine) -> None:
    protocol = _UINT1(machine)
    if protocol > _NEWEST_PROTOCOL:
        raise BrokenError(f"It says that it is of protocol {protocol}, and the newest is {_NEWEST_PROTOCOL}.")
    machine.protocol = protocol


def _frame(machine: Machine) -> None:
    length = _UINT8(machine)
    machine.frame_end = machine.stream.position + length
    if length > machine.stream.left:
        # One of CPython's unpicklers stops here, the other goes on.
        machine.findings.review("malformed", "It has a frame that is longer than the file.")


EFFECTS: Final[dict[bytes, Effect]] = {
    b"(": _mark,
    b"0": _pop,
    b"1": _pop_mark,
    b"2": _duplicate,
    b"F": _skips_line,
    b"I": _integer_line,
    b"J": _pushes_integer(_INT4),
    b"K": _pushes_integer(_UINT1),
    b"L": _skips_line,
    b"M": _pushes_integer(_UINT2),
    b"N": _pushes(None),
    b"P": _persistent_line,
    b"Q": _persistent,
    b"R": _reduce,
    b"S": _string_line,
    b"T": _pushes_python_2_text(_INT4),
    b"U": _pushes_python_2_text(_UINT1),
    b"V": _unicode_line,
    b"X": _pushes_text(_UINT4),
    b"a": _append,
    b"b": _build,
    b"c": _global,
    b"d": _dictionary,
    b"}": _empty_dictionary,
    b"e": _appends,
    b"g": _recalls(_index_line),
    b"h": _recalls(_UINT1),
    b"i": _instance,
    b"j": _recalls(_UINT4),
    b"l": _list,
    b"]": _pushes(Plain.LIST),
    b"o": _object,
    b"p": _remembers(_index_line),
    b"q": _remembers(_UINT1),
    b"r": _remembers(_UINT4),
    b"s": _set_item,
    b"t": _tuple,
    b")": _pushes(()),
    b"u": _set_items,
    b"G": _skips(8),
    b"B": _pushes_bytes(_UINT4),
    b"C": _pushes_bytes(_UINT1),
    b"\x80": _protocol,
    b"\x81": _new_object,
    b"\x82": _extension(_UINT1),
    b"\x83": _extension(_UINT2),
    b"\x84": _extension(_INT4),
    b"\x85": _tuple_of(1),
    b"\x86": _tuple_of(2),
    b"\x87": _tuple_of(3),
    b"\x88": _pushes(True),
    b"\x89": _pushes(False),
    b"\x8a": _pushes_long(_UINT1),
    b"\x8b": _pushes_long(_INT4),
    b"\x8c": _pushes_text(_UINT1),
    b"\x8d": _pushes_text(_UINT8),
    b"\x8e": _pushes_bytes(_UINT8),
    b"\x8f": _pushes(Plain.SET),
    b"\x90": _add_items,
    b"\x91": _frozen_set,
    b"\x92": _new_object_with_keywords,
    b"\x93": _stack_global,
    b"\x94": _memoize,
    b"\x95": _frame,
    b"\x96": _pushes_bytes(_UINT8),
    b"\x97": _next_buffer,
    b"\x98": _read_only_buffer,
}
