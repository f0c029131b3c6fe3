"""How the command line names things: ``fraud``, ``fraud/3``, ``fraud@champion``.

A model's name may contain ``@`` but no ``/``: where ``a@b`` is a model, its versions are ``a@b/3`` and
``a@b/@champion``.
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
    """Raises ValueError for what addresses nothing."""
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

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        try:
            return parse_address(value)
        except ValueError:
            self.fail(f"{value!r} is neither MODEL, MODEL/NUMBER nor MODEL@ALIAS", param, ctx)


class VersionType(AddressType):
    """A version: an address with a number or an alias."""

    name = "version"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        address = super().convert(value, param, ctx)
        if address.version is None:
            self.fail(f"name a version: {value}/NUMBER or {value}@ALIAS", param, ctx)
        return address


ADDRESS: Final = AddressType()
VERSION: Final = VersionType()


def version_of(address: Address) -> VersionKey:
    """The version of an address that the VERSION type has checked."""
    if address.version is None:
        raise click.UsageError(f"name a version: {address}/NUMBER or {address}@ALIAS")
    return address.version
