"""What each opcode reads from the stream, and does to the machine."""

from typing import Final

from chalicelib.domain.scanning.pickles.limits import MAX_MARKS
from chalicelib.domain.scanning.pickles.literals import (
    Size,
    int4,
    integer_line,
    pushes,
    pushes_bytes,
    pushes_integer,
    pushes_long,
    pushes_python_2_text,
    pushes_text,
    skips,
    skips_line,
    string_line,
    uint1,
    uint2,
    uint4,
    uint8,
    unicode_line,
)
from chalicelib.domain.scanning.pickles.machine import Effect, Machine
from chalicelib.domain.scanning.pickles.stream import BeyondLimitsError, BrokenError
from chalicelib.domain.scanning.pickles.values import Plain, Record

STOP: Final = b"."
_NEWEST_PROTOCOL: Final = 5


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
    if len(machine.marked) == MAX_MARKS:
        raise BeyondLimitsError(f"It has more than {MAX_MARKS} values inside of each other.")
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
    # It is imported first, even if no mark is found then.
    made_of = machine.imported(module, name)
    machine.call(made_of, tuple(machine.pop_to_mark()))


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
    protocol = uint1(machine)
    if protocol > _NEWEST_PROTOCOL:
        raise BrokenError(f"It says that it is of protocol {protocol}, and the newest is {_NEWEST_PROTOCOL}.")
    machine.protocol = protocol


def _frame(machine: Machine) -> None:
    if not machine.stream.enter_frame(uint8(machine)):
        # One of CPython's unpicklers stops here, the other goes on.
        machine.findings.review("malformed", "It has a frame that is longer than the file.")


EFFECTS: Final[dict[bytes, Effect]] = {
    b"(": _mark,
    b"0": _pop,
    b"1": _pop_mark,
    b"2": _duplicate,
    b"F": skips_line,
    b"I": integer_line,
    b"J": pushes_integer(int4),
    b"K": pushes_integer(uint1),
    b"L": skips_line,
    b"M": pushes_integer(uint2),
    b"N": pushes(None),
    b"P": _persistent_line,
    b"Q": _persistent,
    b"R": _reduce,
    b"S": string_line,
    b"T": pushes_python_2_text(int4),
    b"U": pushes_python_2_text(uint1),
    b"V": unicode_line,
    b"X": pushes_text(uint4),
    b"a": _append,
    b"b": _build,
    b"c": _global,
    b"d": _dictionary,
    b"}": _empty_dictionary,
    b"e": _appends,
    b"g": _recalls(_index_line),
    b"h": _recalls(uint1),
    b"i": _instance,
    b"j": _recalls(uint4),
    b"l": _list,
    b"]": pushes(Plain.LIST),
    b"o": _object,
    b"p": _remembers(_index_line),
    b"q": _remembers(uint1),
    b"r": _remembers(uint4),
    b"s": _set_item,
    b"t": _tuple,
    b")": pushes(()),
    b"u": _set_items,
    b"G": skips(8),
    b"B": pushes_bytes(uint4),
    b"C": pushes_bytes(uint1),
    b"\x80": _protocol,
    b"\x81": _new_object,
    b"\x82": _extension(uint1),
    b"\x83": _extension(uint2),
    b"\x84": _extension(int4),
    b"\x85": _tuple_of(1),
    b"\x86": _tuple_of(2),
    b"\x87": _tuple_of(3),
    b"\x88": pushes(True),
    b"\x89": pushes(False),
    b"\x8a": pushes_long(uint1),
    b"\x8b": pushes_long(int4),
    b"\x8c": pushes_text(uint1),
    b"\x8d": pushes_text(uint8),
    b"\x8e": pushes_bytes(uint8),
    b"\x8f": pushes(Plain.SET),
    b"\x90": _add_items,
    b"\x91": _frozen_set,
    b"\x92": _new_object_with_keywords,
    b"\x93": _stack_global,
    b"\x94": _memoize,
    b"\x95": _frame,
    b"\x96": pushes_bytes(uint8),
    b"\x97": _next_buffer,
    b"\x98": _read_only_buffer,
}
