"""Reads the fields of a target's configuration or rollout, each with its check. A wrong one is named by its pointer."""

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from chalicelib.domain.deployments import version_variables
from chalicelib.domain.errors import InvalidInputError, Problem

MAX_VARIABLES: Final = 50
_VARIABLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")
_MAX_VALUE: Final = 1_024
_IMAGE: Final = r"[!-z~]{1,200}(\{version\}[!-z~]{0,50})?"


class Fields:
    """The fields of a JSON object that a caller gave. Each is read once, by the method of its type.

    ``where`` is the pointer of the object, such as ``/config``. Every method raises InvalidInputError for a value that
    it does not accept. A field without a value in ``default`` is required.
    """

    def __init__(self, given: Mapping[str, Any], where: str) -> None:
        self._given = given
        self._where = where
        self._known: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def refuse(self, name: str, message: str) -> NoReturn:
        """Raise the error of a field."""
        pointer = f"{self._where}/{name}"
        raise InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])

    def text(self, name: str, pattern: str, accepted: str, default: str | None = None) -> str:
        """A text that matches ``pattern`` as a whole; ``accepted`` says in words which these are."""
        value = self._value(name, default)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            self.refuse(name, f"must be {accepted}")
        return value

    def image(self, name: str) -> str:
        """The URI of a container image. ``version_variables.image`` puts the number in the place of ``{version}``."""
        return self.text(name, _IMAGE, "the URI of a container image, in which {version} may stand once")

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of several texts."""
        return self.text(name, "|".join(map(re.escape, choices)), f"one of {', '.join(choices)}", default)

    def whole(self, name: str, lowest: int, highest: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        value = self._value(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            self.refuse(name, f"must be a whole number from {lowest} to {highest}")
        return value

    def truth(self, name: str, default: bool) -> bool:
        value = self._value(name, default)
        if not isinstance(value, bool):
            self.refuse(name, "must be true or false")
        return value

    def texts(self, name: str, pattern: str, accepted: str, most: int) -> list[str]:
        """Up to ``most`` different texts that match ``pattern``; none if the field is missing."""
        value = self._value(name, [])
        if not isinstance(value, list | tuple) or len(value) > most:
            self.refuse(name, f"must be a list of at most {most}")
        for index, one in enumerate(value):
            if not isinstance(one, str) or not re.fullmatch(pattern, one):
                self.refuse(f"{name}/{index}", f"must be {accepted}")
        return list(dict.fromkeys(value))

    def variables(self, name: str) -> dict[str, str]:
        """Environment variables of a container, at most 50. Those that tell of the version cannot be given."""
        value = self._value(name, {})
        if not isinstance(value, Mapping) or len(value) > MAX_VARIABLES:
            self.refuse(name, f"must be an object with at most {MAX_VARIABLES} variables")
        for variable, text in value.items():
            if not _VARIABLE.fullmatch(variable):
                self.refuse(name, f"has {variable[:100]!r}, which cannot name a variable")
            if variable in version_variables.ALL:
                self.refuse(f"{name}/{variable}", "is set by the registry, so it cannot be given")
            if not isinstance(text, str) or len(text) > _MAX_VALUE:
                self.refuse(f"{name}/{variable}", f"must be a text of at most {_MAX_VALUE:,} characters")
        return dict(value)

    def end(self) -> None:
        """Refuse fields that nothing has read."""
        for name in self._given:
            if name not in self._known:
                known = ", ".join(sorted(self._known)) or "none"
                self.refuse(name, f"is not a field of this kind of target; the fields are: {known}")

    def _value(self, name: str, default: object) -> object:
        self._known.add(name)
        value = self._given.get(name, default)
        if value is None:
            self.refuse(name, "is required")
        return value
