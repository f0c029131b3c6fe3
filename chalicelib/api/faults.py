"""What is wrong with a body or a query, in plain words: the sentences of pydantic are for programmers."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from pydantic_core import ErrorDetails

from chalicelib.domain.errors import Problem

_Words = str | Callable[[Mapping[str, Any]], str]
_Place = tuple[int | str, ...]


def _shortest(context: Mapping[str, Any]) -> str:
    least = context["min_length"]
    return "must not be empty" if least == 1 else f"must have at least {least} characters"


def _fewest(context: Mapping[str, Any]) -> str:
    return "must not be empty" if context["min_length"] == 1 else f"must have at least {context['min_length']} entries"


# By pydantic's type of the fault. A text is filled in from the fault's context. Other types keep pydantic's words.
_WORDS: Final[Mapping[str, _Words]] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": _shortest,
    "string_too_long": "must have at most {max_length} characters",
    "too_short": _fewest,
    "too_long": "must have at most {max_length} entries",
    "string_pattern_mismatch": "must match {pattern}",
    "union_tag_not_found": "{discriminator} is missing",
    "union_tag_invalid": "{discriminator} must be one of {expected_tags}",
    # Raised by a check of ours, in words of ours.
    "value_error": "{error}",
}
# A value of which several types are allowed has a fault for each of them, at a place that ends in the type's name.
_MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "bool": frozenset({"bool_type"}),
    "int": frozenset({"int_type", "int_from_float"}),
    "float": frozenset({"float_type", "finite_number"}),
    "str": frozenset({"string_type"}),
}
_ALTERNATIVES: Final[Mapping[frozenset[str], str]] = {
    frozenset({"int", "float"}): "must be a number",
    frozenset({"bool", "int", "float", "str"}): "must be a text, a number, true or false",
}


# What a place has in it for the form of a value of which several are allowed. No name that callers choose has a "/".
NUMBER_FORM: Final = "/number"
OBJECT_FORM: Final = "/object"
_FORMS: Final = frozenset({NUMBER_FORM, OBJECT_FORM})


def in_words(faults: Iterable[ErrorDetails], root: str) -> list[Problem]:
    """The faults with a pointer into the request that begins with ``root``, one for each value."""
    problems = []
    for place, group in groupby(map(_without_form, faults), _value):
        together = list(group)
        alternatives = frozenset(str(fault["loc"][-1]) for fault in together if fault["loc"] != place)
        if alternatives in _ALTERNATIVES:
            infinite = any(fault["type"] == "finite_number" for fault in together)
            words = "must be a finite number" if infinite else _ALTERNATIVES[alternatives]
            problems.append(Problem(_pointer(root, place), words))
        else:
            problems += [Problem(_pointer(root, fault["loc"]), _sentence(fault)) for fault in together]
    return problems


def _without_form(fault: ErrorDetails) -> ErrorDetails:
    return {**fault, "loc": tuple(step for step in fault["loc"] if step not in _FORMS)}


def _value(fault: ErrorDetails) -> _Place:
    """The place of the value, without the name of one of the types that it may have."""
    *above, last = fault["loc"] or ("",)
    return tuple(above) if fault["type"] in _MEMBERS.get(str(last), ()) else fault["loc"]


def _sentence(fault: ErrorDetails) -> str:
    words = _WORDS.get(fault["type"], fault["msg"])
    context = fault.get("ctx", {})
    return words.format(**context) if isinstance(words, str) else words(context)


def _pointer(root: str, place: _Place) -> str:
    # JSON pointer escapes, RFC 6901 section 3.
    return root + "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in place)
