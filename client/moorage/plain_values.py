"""Values of other libraries as plain Python values that JSON can hold.

Scalars of NumPy, pandas, PyTorch and the like are recognised by how they behave, so that none of these is imported:
they have no dimensions and give their value with ``item()``. Other numbers (``Decimal``, ``Fraction``) give it with
``__index__`` or ``__float__``. NaN and infinities are refused because JSON cannot hold them, arrays because they are no
single value. Every refusal is a ValueError that names the value's place.
"""

import math
import operator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, SupportsFloat, SupportsIndex, TypeAlias

from moorage.results import Number, Scalar

# What callers may give for a number, and for a scalar.
NumberLike: TypeAlias = SupportsFloat | SupportsIndex
ScalarLike: TypeAlias = str | NumberLike

# No float has more digits before its point. What is larger is refused as infinite, not written out.
_MOST_DIGITS: Final = 309
# An error shows a value in full up to this many characters.
_LONGEST_SHOWN: Final = 40


def plain_number(value: object, what: str) -> Number:
    """``value`` as an int or a finite float; a bool is refused too. ``what`` names it in the error."""
    plain = _scalar(value, what)
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        raise _refusal(what, value, "give a number")
    return plain


def plain_metrics(metrics: Mapping[str, NumberLike], where: str = "") -> dict[str, Number]:
    """Metrics with plain names and numbers. ``where`` says in an error whose they are."""
    return {
        _name(name, "metric"): plain_number(value, f"the metric {str(name)!r}{where}")
        for name, value in dict(metrics).items()
    }


def plain_parameters(parameters: Mapping[str, ScalarLike], what: str = "parameter") -> dict[str, Scalar]:
    """Parameters with plain names and scalars. ``what`` is what an error calls one of them."""
    plain: dict[str, Scalar] = {}
    for name, value in dict(parameters).items():
        scalar = _scalar(value, f"the {what} {str(name)!r}")
        if not isinstance(scalar, str | int | float):
            raise _refusal(f"the {what} {str(name)!r}", value, "give a text, a number or a boolean")
        plain[_name(name, what)] = scalar
    return plain


def plain_json(value: object, where: str = "") -> Any:
    """``value`` with plain scalars in all its objects and lists. ``where`` is its place, such as ``files[0].size``.

    What is neither a scalar nor a container is returned as it is.
    """
    if isinstance(value, Mapping):
        return {
            _name(name, "field"): plain_json(item, f"{where}.{name}" if where else str(name))
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [plain_json(item, f"{where}[{index}]") for index, item in enumerate(value)]
    return _scalar(value, where)


def _scalar(value: object, what: str) -> Any:
    """The plain form of a scalar. Other objects are returned as they are, arrays are refused."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # A subclass, such as a string of NumPy, becomes a plain one whatever its own __str__ says.
        return str.__str__(value)
    if hasattr(value, "item") and hasattr(value, "dtype"):
        return _scalar(_item(value, what), what)
    if isinstance(value, int):
        return operator.index(value)
    if isinstance(value, float | Decimal):
        return _finite(value, what)
    if isinstance(value, SupportsIndex):
        return operator.index(value)
    return _finite(value, what) if isinstance(value, SupportsFloat) else value


def _item(value: Any, what: str) -> object:
    """The value of a scalar of NumPy, or of an array or tensor without dimensions."""
    if getattr(value, "ndim", 0) != 0:
        raise ValueError(f"{what} is an array of shape {tuple(value.shape)}: give a single value")
    # Times and durations would give a bare count of nanoseconds.
    if getattr(value.dtype, "kind", "") in ("m", "M"):
        raise _refusal(what, value, "give a datetime with a time zone, or a number")
    plain: object = value.item()
    # The item of a long double is a long double.
    return float(plain) if hasattr(plain, "dtype") and isinstance(plain, SupportsFloat) else plain


def _finite(value: SupportsFloat, what: str) -> Number:
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < _MOST_DIGITS and _whole(value):
        # A float would round large ones.
        return int(value)
    try:
        number = float(value)
    except (OverflowError, ValueError) as error:
        raise _refusal(what, value, "give a number that a float can hold") from error
    if not math.isfinite(number):
        raise _refusal(what, value, "only finite numbers can be sent, so leave it out or correct it")
    return number


def _whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _name(name: object, what: str) -> str:
    if not isinstance(name, str):
        raise _refusal(f"the name of a {what}", name, "give a text")
    return str.__str__(name)


def _refusal(what: str, value: object, advice: str) -> ValueError:
    text = str(value)
    kind = type(value).__name__
    shown = f"{text} ({kind})" if len(text) <= _LONGEST_SHOWN else f"of type {kind}"
    return ValueError(f"{what} is {shown}: {advice}")
