"""Messages of Protocol Buffers, field by field, without their schema: https://protobuf.dev/programming-guides/encoding/.

What is not asked for is skipped by its length, so weights inside of a graph are never fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.scanning.ranges import Reader
from chalicelib.domain.scanning.reasons import MalformedError
from chalicelib.domain.scanning.source import TooMuchReadError

VARINT: Final = 0
BYTES: Final = 2
_WIDTHS: Final = {1: 8, 5: 4}
# Bytes of a name or a path that is asked for.
_LONGEST_TEXT: Final = 64 * 1024
# Of one file. A graph of a large model has some hundred thousand.
_MOST_FIELDS: Final = 3_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its number, how it is encoded, the value of a varint, and where the bytes of others are."""

    number: int
    wire: int
    value: int
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


def is_version(field: Field) -> bool:
    """Whether it is a number, as the first field of models is. In a graph alone, which is no model, it is a node.

    Raises MalformedError, since what is both would be read in two ways.
    """
    if field.wire != VARINT:
        raise MalformedError("Its version is no number.")
    return True


class Messages:
    """Reads the messages of a file. Every position counts from the start of the file."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._left = _MOST_FIELDS

    @property
    def whole(self) -> Field:
        """The file as one message."""
        return Field(0, BYTES, 0, 0, self._reader.size)

    def fields(self, message: Field) -> Iterator[Field]:
        """The fields of a message, of which the caller may read some before asking for the next.

        Raises MalformedError if the bytes are no message, TooMuchReadError if there are too many fields.
        """
        position = message.start
        while position < message.end:
            self._left -= 1
            if self._left < 0:
                raise TooMuchReadError
            self._reader.position = position
            field = self._field()
            if field.end > message.end or not field.number:
                raise MalformedError("A field is longer than its message, or has no number.")
            position = field.end
            yield field

    def text(self, field: Field) -> str:
        """The text in a field."""
        if field.wire != BYTES or field.length > _LONGEST_TEXT:
            raise MalformedError("A name is no text, or longer than any name.")
        self._reader.position = field.start
        return self._reader.take(field.length).decode(errors="replace")

    def _field(self) -> Field:
        tag = self._varint()
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            value = self._varint()
            return Field(number, wire, value, self._reader.position, 0)
        if wire == BYTES:
            length = self._varint()
            return Field(number, wire, 0, self._reader.position, length)
        if wire in _WIDTHS:
            return Field(number, wire, 0, self._reader.position, _WIDTHS[wire])
        raise MalformedError("A field is encoded in a way that does not exist.")

    def _varint(self) -> int:
        value = 0
        for index in range(10):
            byte = self._reader.number(1)
            value |= (byte & 0x7F) << 7 * index
            if byte < 0x80:
                return value
        raise MalformedError("A number is longer than 64 bits.")
