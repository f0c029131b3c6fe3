"""What may be done with one allowed import."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, auto


class Use(Flag):
    """How loading may use an import.

    NAMED: as a value, such as a type that a model remembers. It is never called while loading.
    CREATED: as the class of a new instance that gets its state afterwards; its ``__init__`` does not run.
    CALLED: with arguments of the pickle's choice. Creating is allowed as well.
    APPENDED, INDEXED: its instances take elements, as lists and dictionaries do.
    LISTED: its state is a list of values, and the class has the names, as a dataclass with slots does.
    ASKS: it calls an argument, or asks one for its methods. An instance could have others in their place: those whose
    state the pickle has set are refused.
    """

    NAMED = 0
    CREATED = auto()
    CALLED = auto()
    APPENDED = auto()
    INDEXED = auto()
    LISTED = auto()
    ASKS = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """``takes`` are the imports that may be handed to it, and their instances. Others could be called by it."""

    uses: Use
    takes: frozenset[str] = frozenset()

    @property
    def creates(self) -> bool:
        return bool(self.uses & (Use.CREATED | Use.CALLED))


def entries(modules: str, names: str, uses: Use, takes: Iterable[str] = ()) -> dict[tuple[str, str], Entry]:
    """Every name in every module, both separated by spaces."""
    entry = Entry(uses, frozenset(takes))
    return {(module, name): entry for module in modules.split() for name in names.split()}


def paths(modules: str, names: str) -> frozenset[str]:
    """Every name in every module, as they stand in ``Entry.takes``."""
    return frozenset(f"{module}.{name}" for module in modules.split() for name in names.split())
