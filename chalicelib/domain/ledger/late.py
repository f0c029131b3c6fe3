"""Functions that follow from changes of certain records, imported by the first such change.

A function of the stack commits changes of few kinds. What follows from others is no part of its cold start.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from chalicelib.domain.ledger.record import Identity

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Late:
    """The function ``name`` of ``module``. Without a change of one of the ``kinds`` of records it does nothing."""

    module: str
    name: str
    kinds: frozenset[str]

    def load(self) -> Any:
        return getattr(import_module(self.module), self.name)


def late(module: str, name: str, *kinds: str) -> Late:
    """The function ``name`` of ``module``, for changes of these ``kinds`` of records."""
    return Late(module, name, frozenset(kinds))


def concerned(function: F | Late, changed: Iterable[Identity]) -> F | None:
    """The function, unless it is one that does nothing when only the records ``changed`` are."""
    if not isinstance(function, Late):
        return function
    if any(identity[0].kind in function.kinds for identity in changed):
        loaded: F = function.load()
        return loaded
    return None
