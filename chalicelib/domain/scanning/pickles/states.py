"""What BUILD hands to a new instance: which states are refused, whatever class they are for.

A state mostly becomes the attributes of its instance. Names with two underscores on both sides are looked for by
Python and NumPy: ``__array_interface__`` makes an array of any memory. So every name must be seen here, before the
state is set and afterwards.
"""

from collections.abc import Iterable, Iterator

from chalicelib.domain.scanning.pickles.allowed.entry import Use
from chalicelib.domain.scanning.pickles.limits import MAX_ARGUMENTS
from chalicelib.domain.scanning.pickles.values import ATTRIBUTES_OF_LAYERS, Made, Plain, Record, Value


def problem_of(state: Value) -> str:
    """What is wrong with a state, in a sentence; empty if nothing is."""
    if isinstance(state, tuple) and len(state) > MAX_ARGUMENTS:
        return "It sets a state of more parts than any model needs."
    parts = list(_parts(state))
    # A list of pairs can stand for a dictionary, and what a call returns may be one, or a tuple with one.
    if isinstance(state, Made) or state in (Plain.LIST, Plain.SET) or any(_is_made_dictionary(part) for part in parts):
        return "It sets a state whose names only loading it would tell."
    if any(isinstance(part, Record | Made) and part.special for part in (*parts, *_looked_through(parts))):
        return "It sets an attribute that Python itself or NumPy looks for."
    return ""


def close(state: Value) -> None:
    """Remembers of all dictionaries in a state that was judged that nothing may be added to them any more."""
    parts = list(_parts(state))
    for part in (*parts, *_looked_through(parts)):
        if isinstance(part, Record | Made):
            part.closed = True


def _parts(state: Value) -> Iterator[Value]:
    """A state of attributes and slots is a pair of dictionaries, and classes take tuples of their own."""
    if isinstance(state, tuple):
        yield from state[:MAX_ARGUMENTS]
    else:
        yield state


def _looked_through(parts: Iterable[Value]) -> Iterator[Value]:
    """The dictionaries in which layers of PyTorch look for attributes that they do not have."""
    for part in parts:
        if isinstance(part, Record):
            yield from (part[name] for name in ATTRIBUTES_OF_LAYERS if name in part)


def _is_made_dictionary(part: Value) -> bool:
    return isinstance(part, Made) and Use.INDEXED in part.entry.uses
