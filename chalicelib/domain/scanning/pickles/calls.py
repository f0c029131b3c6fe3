"""Which calls and new instances of allowed imports are what they are allowed for."""

from typing import Final, TypeGuard

from chalicelib.domain.scanning.pickles.allowed.entry import Use
from chalicelib.domain.scanning.pickles.values import Imported, Made, Plain, Value

_PLAIN_BASES: Final = frozenset(
    f"builtins.{name}"
    for name in ("bytes", "complex", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple")
)
_LATIN_1: Final = frozenset({"latin1", "latin-1", "iso-8859-1"})


def called(callee: Imported, arguments: Value) -> Made | Plain | None:
    """The result of a call, or None if it is not one that the import is allowed for."""
    if callee.entry is None:
        # Its import was reported already.
        return Plain.UNKNOWN
    if not isinstance(arguments, tuple) or Use.CALLED not in callee.entry.uses:
        return None
    if callee.path == "copyreg._reconstructor":
        return _reconstructed(arguments)
    if callee.path == "copyreg.__newobj__":
        return created(arguments[0], arguments[1:]) if arguments else None
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
    if not isinstance(arguments, tuple) or not made_of.entry.creates or not _takes(made_of, arguments):
        return None
    return Made(made_of.path, made_of.entry, arguments)


def _takes(callee: Imported, arguments: tuple[Value, ...]) -> bool:
    """Whether it may get these: what it is handed could be called by it, so other imports are refused."""
    entry = callee.entry
    return entry is not None and all(
        not isinstance(argument, Imported) or argument.path in entry.takes for argument in arguments
    )


def _reconstructed(arguments: tuple[Value, ...]) -> Made | Plain | None:
    """Of ``copyreg._reconstructor(cls, base, state)``, which calls ``base.__new__(cls, state)`` and ``base.__init__``.

    The base is ``object`` with no state, or one of the types whose values are nothing but data.
    """
    if len(arguments) != 3:
        return None
    made_of, base, state = arguments
    if not isinstance(base, Imported) or isinstance(state, Imported):
        return None
    if base.path in _PLAIN_BASES or (base.path == "builtins.object" and state is None):
        return created(made_of, ())
    return None


def _is_bytes_in_latin_1(arguments: tuple[Value, ...]) -> bool:
    """Whether this is how protocols 0 to 2 write bytes. Other codecs could be named, and would be imported."""
    return len(arguments) == 2 and _is_text(arguments[0]) and arguments[1] in _LATIN_1


def _is_text(value: Value) -> TypeGuard[str | Plain]:
    return isinstance(value, str) or value is Plain.OTHER
