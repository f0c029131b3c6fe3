"""Records: what a ledger's decisions create, change and remove, each stored and compared as a whole."""

from typing import Any, ClassVar, Final, Self, TypeAlias

from chalicelib.domain.ledger.events import Stamp

# The record's type, then what distinguishes it within its ledger: ``(Version, 3)``.
Identity: TypeAlias = tuple[Any, ...]
# Metadata of a dataclass's field of which events say only the digest, because it is or protects a secret.
DIGESTED: Final = {"digested": True}
# Metadata of a field that is a mapping: events say each entry by itself, because entries are changed one by one.
EACH: Final = {"each": True}
# Metadata of a field with a mapping that is one fact as a whole, whatever its values are.
WHOLE: Final = {"whole": True}


class Record:
    """Base of everything that a decision can put or remove.

    Events name a record by its ``kind`` and its key. A record without a kind is no fact: nobody is shown it, and it is
    dropped without an event. A field added later must be empty by default: events of earlier releases lack it.
    """

    __slots__ = ()

    kind: ClassVar[str] = ""

    def __init_subclass__(cls, kind: str = "", **more: Any) -> None:
        super().__init_subclass__(**more)
        # A dataclass with slots is made a second time, from the attributes of the first and without these arguments.
        if kind:
            cls.kind = kind

    @property
    def identity(self) -> Identity:
        """The record's type and what distinguishes it within its ledger. Never changes."""
        raise NotImplementedError(f"{type(self).__name__} does not say what identifies it")

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        """The record as this commit saves it: its revision and times set from what changed since ``before``."""
        return self
