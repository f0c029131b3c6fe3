"""How the command line names models and versions: ``fraud``, ``fraud/3``, ``fraud@champion``.

A model's name may contain ``@`` but no ``/``. The versions of a model ``a@b`` are ``a@b/3`` and ``a@b/@champion``.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

import click

from moorage.paths import VersionKey

_ALIAS: Final = re.compile(r"[\w\-]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A model, or one of its versions."""

    model: str
    version: VersionKey | None = None

    def __str__(self) -> str:
        if self.version is None:
            return self.model
        if isinstance(self.version, str) and "@" not in self.model:
            return f"{self.model}{self.version}"
        return f"{self.model}/{self.version}"


def parse_address(text: str) -> Address:
    """Parse the name of a model or a version. Raises ValueError if it is neither."""
    model, slash, version = text.partition("/")
    if slash:
        if model and version.isascii() and version.isdigit():
            return Address(model, int(version))
        if model and version.startswith("@") and _ALIAS.fullmatch(version[1:]):
            return Address(model, version)
        raise ValueError(text)
    name, at, alias = text.rpartition("@")
    if at and name and _ALIAS.fullmatch(alias):
        return Address(name, f"@{alias}")
    if not text:
        raise ValueError(text)
    return Address(text)


class AddressType(click.ParamType[Address]):
    """A model or a version."""

    name = "address"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "MODEL[/VERSION]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        try:
            return parse_address(value)
        except ValueError:
            self.fail(f"{value!r} is not of the form MODEL, MODEL/NUMBER or MODEL@ALIAS", param, ctx)


class VersionType(AddressType):
    """A version: an address with a number or an alias."""

    name = "version"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "MODEL/VERSION"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        address = super().convert(value, param, ctx)
        if address.version is None:
            self.fail(f"{value!r} is not a version: give {value}/NUMBER or {value}@ALIAS", param, ctx)
        return address


ADDRESS: Final = AddressType()
VERSION: Final = VersionType()


def version_of(address: Address) -> VersionKey:
    """The version of an address that the VERSION type has already checked."""
    if address.version is None:
        raise click.UsageError(f"'{address}' is not a version: give {address}/NUMBER or {address}@ALIAS")
    return address.version
