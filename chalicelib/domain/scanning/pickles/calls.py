"""Which calls and new instances of allowed imports are what they are allowed for."""

from typing import Final, TypeGuard

from chalicelib.domain.scanning.pickles.allowed.entry import Entry, Use
from chalicelib.domain.scanning.pickles.limits import MAX_ARGUMENTS
from chalicelib.domain.scanning.pickles.values import Imported, Made, Plain, Record, Value

_PLAIN_BASES: Final = frozenset(
    f"builtins.{name}"
    for name in ("bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple")
)
_LATIN_1: Final = frozenset({"latin1", "latin-1", "iso-8859-1"})


def called(callee: Imported, arguments: Value) -> Made | Plain | None:
    """The result of a call, or None if it is not one that the import is allowed for."""
    if callee.entry is None:
        # Its import was reported already.
        return Plain.UNKNOWN
    if not isinstance(arguments, tuple) or len(arguments) > MAX_ARGUMENTS or Use.CALLED not in callee.entry.uses:
        return None
    if callee.path == "copyreg._reconstructor":
        return _reconstructed(arguments)
    if callee.path == "copyreg.__newobj__":
        return created(arguments[0], arguments[1:]) if arguments else None
    if callee.path == "types.SimpleNamespace" and arguments:
        # It has its attributes from its state. An argument could give it others, which nothing looks at.
        return None
    if callee.path == "_codecs.encode":
        return Plain.DATA if _is_bytes_in_latin_1(arguments) else None
    return Made(callee.path, callee.entry, arguments) if _takes(callee, arguments) else None


def created(made_of: Value, arguments: Value) -> Made | Plain | None:
    """A new instance whose ``__init__`` does not run, or None if it is not allowed."""
    if made_of is Plain.UNKNOWN:
        return Plain.UNKNOWN
    if not isinstance(made_of, Imported):
        return None
    if made_of.entry is None:
        return Plain.UNKNOWN
    if not isinstance(arguments, tuple) or len(arguments) > MAX_ARGUMENTS or not made_of.entry.creates:
        return None
    if not _takes(made_of, arguments):
        return None
    return Made(made_of.path, made_of.entry, arguments)


def _takes(callee: Imported, arguments: tuple[Value, ...]) -> bool:
    """Whether it may get these: what it is handed could be called by it, so what it does not need is refused."""
    entry = callee.entry
    return entry is not None and all(
        not _may_be_called(argument, entry) or argument.path in entry.takes for argument in arguments
    )


def _may_be_called(argument: Value, entry: Entry) -> TypeGuard[Imported | Made]:
    if isinstance(argument, Made):
        return argument.built and Use.ASKS in entry.uses
    return isinstance(argument, Imported)


def _reconstructed(arguments: tuple[Value, ...]) -> Made | Plain | None:
    """Of ``copyreg._reconstructor(cls, base, state)``, which calls ``base.__new__(cls, state)`` and ``base.__init__``.

    The base is ``object``, or one of the types whose values are nothing but data.
    """
    if len(arguments) != 3:
        return None
    made_of, base, state = arguments
    if not isinstance(base, Imported) or isinstance(state, Imported) or (isinstance(state, Made) and state.built):
        return None
    # The entries of a dictionary may be attributes to others.
    if base.path == "builtins.dict" and not (isinstance(state, Record) and not state.special):
        return None
    return created(made_of, ()) if base.path in _PLAIN_BASES else None


def _is_bytes_in_latin_1(arguments: tuple[Value, ...]) -> bool:
    """Whether this is how protocols 0 to 2 write bytes. Other codecs could be named, and would be imported."""
    if len(arguments) != 2:
        return False
    text, codec = arguments
    return (isinstance(text, str) or text is Plain.OTHER) and isinstance(codec, str) and codec in _LATIN_1
