"""Models and versions as arguments of commands. ``moorage.references`` has the grammar."""

from typing import Any, Final, TypeAlias

import click

from moorage.paths import VersionKey
from moorage.references import Reference, parse_reference

Address: TypeAlias = Reference


class AddressType(click.ParamType[Address]):
    """A model or a version."""

    name = "address"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "MODEL[/VERSION]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        try:
            return parse_reference(value)
        except ValueError as refused:
            self.fail(str(refused), param, ctx)


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
