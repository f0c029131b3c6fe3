"""Check the settings of a trigger: which there are, and what each may be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.triggers import placeholders
from chalicelib.domain.webhooks.formats import Settings
from chalicelib.domain.webhooks.webhook import endpoint, invalid

MAX_BYTES: Final = 8 * 1024
MAX_TEXT: Final = 500

# Checks a value and returns it as it is stored. The first argument is its JSON pointer. Raises InvalidInputError.
Check = Callable[[str, Any], Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: how its value is checked, and whether it must be given."""

    check: Check
    required: bool = False


def settings_of(known: Mapping[str, Setting]) -> Callable[[Settings], Settings]:
    """The check of a format that has these settings. Together they have at most 8 KB of JSON."""

    def checked(given: Settings) -> Settings:
        for name in given:
            if name not in known:
                raise invalid(f"/settings/{name}", f"is not a setting of this format; it has {', '.join(known)}")
        for name, setting in known.items():
            if setting.required and name not in given:
                raise invalid(f"/settings/{name}", "must be given in this format")
        settings = {name: known[name].check(f"/settings/{name}", value) for name, value in given.items()}
        if len(canonical_json(settings).encode()) > MAX_BYTES:
            raise invalid("/settings", f"must have at most {MAX_BYTES} bytes of JSON")
        return settings

    return checked


def text(pattern: str = r"\S(?:.*\S)?", most: int = MAX_TEXT, example: str = "") -> Check:
    """A text of at most ``most`` printable characters that has the form of ``pattern``."""
    form = re.compile(pattern)

    def check(pointer: str, value: Any) -> str:
        fits = isinstance(value, str) and len(value) <= most and value.isprintable() and form.fullmatch(value)
        if not fits:
            shown = f", such as {example}" if example else ""
            raise invalid(pointer, f"must be a text of 1 to {most} characters{shown}")
        found: str = value
        return found

    return check


def number(pointer: str, value: Any) -> int:
    """A whole number above 0, as a number or in digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**18:
        raise invalid(pointer, "must be a whole number above 0")
    return value


def flag(pointer: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise invalid(pointer, "must be true or false")
    return value


def template(most: int = 100) -> Check:
    """An object of at most ``most`` values, in which texts such as ``$.detail.model`` are placeholders."""

    def check(pointer: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping) or len(value) > most:
            raise invalid(pointer, f"must be an object of at most {most} values")
        placeholders.check(value, pointer)
        return value

    return check


def names(most: int, pattern: str, form: str) -> Check:
    """Like ``template``, but each name has the form of ``pattern``, which is described by ``form``."""
    fits, check_values = re.compile(pattern), template(most)

    def check(pointer: str, value: Any) -> Any:
        checked = check_values(pointer, value)
        for name in checked:
            if not fits.fullmatch(name):
                raise invalid(f"{pointer}/{name}", f"must have a name of {form}")
        return checked

    return check


def web_address(pointer: str, value: Any) -> str:
    """The address of a page."""
    if not isinstance(value, str):
        raise invalid(pointer, "must be a web address")
    endpoint(value, pointer)
    return value
