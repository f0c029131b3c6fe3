"""NumPy's types of array elements, as pickles make them: how long an element is, and whether it is an object.

A pickle calls ``numpy.dtype`` with a code such as ``f8``, and then sets its state: version, byte order, a subarray or
None, names, fields, size, alignment, flags, and for times their unit. NumPy believes what the state says of memory
(``arraydescr_setstate`` in ``descriptor.c``), so a state that contradicts the code is not let through.
"""

import math
import re
from typing import Final

from chalicelib.domain.scanning.pickles.values import Made, Record, Value

DTYPE: Final = "numpy.dtype"

_CODE: Final = re.compile(r"[<>=|]?([biufcOSaUVMm])(\d{1,9})\Z")
_BYTES_A_CHARACTER: Final = {"U": 4}
_TEXTS: Final = frozenset("SUa")
_TIMES: Final = frozenset("Mm")
_UNIT: Final = 8
_STATE_LENGTHS: Final = (8, 9)
# Of older states, NumPy finds out the flags by itself.
_STATE_VERSIONS: Final = (3, 4)
# The flags that make NumPy follow elements as references to objects, or take a pointer for an element.
_REFERENCES: Final = 0x01 | 0x02 | 0x04


def is_known(dtype: Value) -> bool:
    """Whether it is told here what its elements are.

    NumPy also takes names such as ``float64``, and calls of a structure without a state one of bytes.
    """
    match = _CODE.match(_code(dtype))
    return match is not None and isinstance(dtype, Made) and (match[1] != "V" or dtype.built)


def element_bytes(dtype: Value) -> int | None:
    """How long an element is, in bytes; None if that cannot be told."""
    match = _CODE.match(_code(dtype))
    return None if match is None else int(match[2]) * _BYTES_A_CHARACTER.get(match[1], 1)


def holds_objects(dtype: Value) -> bool:
    """Whether its elements are objects, or may contain some."""
    code = _code(dtype)
    match = _CODE.match(code)
    if match is None or not isinstance(dtype, Made):
        return True
    # Fields and subarrays come with the state, and are looked at then: only those without objects are honest.
    return match[1] == "O" or (match[1] == "V" and not dtype.honest)


def is_honest(dtype: Made) -> bool:
    """Whether its state agrees with its code: as long, and following references exactly if its elements are objects.

    Fields and subarrays that contain objects are never called honest, since they could overlap with numbers.
    """
    state = dtype.state
    match = _CODE.match(_code(dtype))
    if match is None or not isinstance(state, tuple) or len(state) not in _STATE_LENGTHS:
        return False
    # Where a unit is missing, NumPy crashes.
    has_unit = len(state) > _UNIT and isinstance(state[_UNIT], tuple)
    if state[0] not in _STATE_VERSIONS or has_unit != (match[1] in _TIMES):
        return False
    # Without the third argument, ``copy``, the state of NumPy's own type would change, for the whole program.
    if len(dtype.arguments) != 3 or dtype.arguments[2] not in (True, 1):
        return False
    subarray, names, fields, size, flags = state[2], state[3], state[4], state[5], state[7]
    if not isinstance(flags, int):
        return False
    references = flags & _REFERENCES
    if match[1] != "V":
        expected = _REFERENCES if match[1] == "O" else 0
        # Of texts, NumPy believes the state. Other types have the size of their code.
        if match[1] in _TEXTS and size != element_bytes(dtype):
            return False
        return subarray is None and names is None and fields is None and references == expected
    length = int(match[2])
    return references == 0 and size == length and _subarray_fits(subarray, length) and _fields_fit(fields, length)


def _code(dtype: Value) -> str:
    code = dtype.arguments[0] if isinstance(dtype, Made) and dtype.path == DTYPE and dtype.arguments else ""
    return code if isinstance(code, str) else ""


def _subarray_fits(subarray: Value, length: int) -> bool:
    """A subarray is (type, shape), of which the shape is a number or a tuple of numbers."""
    if subarray is None:
        return True
    if not isinstance(subarray, tuple) or len(subarray) != 2:
        return False
    element, shape = subarray
    count = element_count((shape,) if isinstance(shape, int) else shape)
    each = element_bytes(element)
    return count is not None and each is not None and not holds_objects(element) and count * each == length


def _fields_fit(fields: Value, length: int) -> bool:
    """Fields are a dictionary of (type, offset), with a title as a third part if they have one."""
    if fields is None:
        return True
    return isinstance(fields, Record) and fields.complete and all(_fits(field, length) for field in fields.values())


def _fits(field: Value, length: int) -> bool:
    if not isinstance(field, tuple) or len(field) < 2:
        return False
    element, offset = field[:2]
    each = element_bytes(element)
    return (
        each is not None
        and not holds_objects(element)
        and isinstance(offset, int)
        and 0 <= offset <= offset + each <= length
    )


def element_count(shape: Value) -> int | None:
    """How many elements an array of that shape has; None if it is no shape."""
    if not isinstance(shape, tuple) or len(shape) > _MAX_DIMENSIONS:
        return None
    lengths = [length for length in shape if isinstance(length, int) and 0 <= length < 2**63]
    return math.prod(lengths) if len(lengths) == len(shape) else None


# NumPy's own limit.
_MAX_DIMENSIONS: Final = 64
