"""What the machine knows of the values on its stack.

Strings and small integers are kept as they are, since names and shapes are made of them. None is None, tuples are
tuples of values. Of everything else, only as much is known as the rules ask for.
"""

from enum import Enum
from typing import Final, TypeAlias

from chalicelib.domain.scanning.pickles.allowed.entry import Entry

# Where a layer of PyTorch looks for an attribute that it does not have: dictionaries in its state.
ATTRIBUTES_OF_LAYERS: Final = frozenset({"_buffers", "_modules", "_parameters"})


class Plain(Enum):
    """Values of which only the kind matters."""

    OTHER = "other"
    # Numbers and bytes: surely no text, and nothing to call.
    DATA = "data"
    LIST = "list"
    SET = "set"
    # What nobody can tell. A reason was given where it came into being.
    UNKNOWN = "unknown"


class Record(dict[str, "Value"]):
    """A dictionary: its first entries whose keys are strings. ``complete`` says whether that is all of it.

    ``special`` says whether a key may be a name that Python itself looks for, such as ``__class__``. ``closed``: it was
    judged as a part of a state, so that nothing may be added to it.
    """

    __slots__ = ("closed", "complete", "special")

    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self.complete = True
        self.special = False


class Imported:
    """What a pickle imports. ``entry`` says how it may be used, and is None if nobody has allowed it."""

    __slots__ = ("entry", "path")

    def __init__(self, path: str, entry: Entry | None) -> None:
        self.path: Final = path
        self.entry: Final = entry


class Made:
    """An instance: the result of calling or creating an allowed import."""

    __slots__ = ("arguments", "built", "closed", "entry", "honest", "path", "special", "state")

    def __init__(self, path: str, entry: Entry, arguments: "tuple[Value, ...]") -> None:
        self.path: Final = path
        self.entry: Final = entry
        self.arguments: Final = arguments
        # Whether BUILD gave it a state, and which.
        self.built = False
        self.state: Value = None
        # For types of array elements: whether the state was judged to agree with the rest.
        self.honest = False
        # For dictionaries, as in a record.
        self.closed = False
        self.special = False


Value: TypeAlias = "str | int | tuple[Value, ...] | Plain | Record | Imported | Made | None"
