"""What is allowed of Python's own library."""

from typing import Final

from chalicelib.domain.scanning.pickles.allowed.entry import Entry, Use, entries, paths

# Types that make an empty value when they are called without arguments.
FACTORIES: Final = paths("builtins", "bool bytes dict float int list set str tuple") | paths(
    "collections", "Counter OrderedDict defaultdict deque"
)

# A dictionary asks what it is made of for its keys, a text for its representation.
_ASKS: Final = Use.CALLED | Use.ASKS

ALLOWED: Final[dict[tuple[str, str], Entry]] = {
    **entries("builtins", "Ellipsis NotImplemented object", Use.NAMED),
    **entries("builtins", "bool bytearray bytes complex float frozenset int range set slice str tuple", _ASKS),
    **entries("builtins", "list", _ASKS | Use.APPENDED),
    **entries("builtins", "dict", _ASKS | Use.INDEXED),
    **entries("collections", "Counter OrderedDict", _ASKS | Use.INDEXED),
    **entries("collections", "defaultdict", _ASKS | Use.INDEXED, FACTORIES),
    **entries("collections", "deque", _ASKS | Use.APPENDED),
    **entries("datetime", "date datetime time timedelta timezone", Use.CALLED),
    **entries("decimal", "Decimal", Use.CALLED),
    **entries("fractions", "Fraction", Use.CALLED),
    **entries("uuid", "UUID", Use.CREATED),
    **entries("pathlib pathlib._local", "PosixPath PurePosixPath PureWindowsPath WindowsPath", Use.CALLED),
    **entries("array", "array", Use.CALLED),
    **entries("array", "_array_reconstructor", Use.CALLED, ("array.array",)),
    # Options that training scripts keep in their checkpoints: bags of attributes.
    **entries("types", "SimpleNamespace", Use.CALLED),
    **entries("argparse", "Namespace", Use.CREATED),
    # These are general ways to call. Their arguments are judged in calls.py.
    **entries("_codecs", "encode", Use.CALLED),
    **entries("copyreg", "_reconstructor __newobj__", Use.CALLED),
}
