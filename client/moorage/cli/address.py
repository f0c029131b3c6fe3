"""Models and versions as arguments of commands. ``moorage.references`` has the grammar.

Several versions are several arguments.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import click
from click.shell_completion import CompletionItem

from moorage.cli.completion import complete_models, complete_references
from moorage.paths import VersionKey
from moorage.references import Reference, parse_reference

Address: TypeAlias = Reference


class ModelType(click.ParamType[str]):
    """The name of a model."""

    name = "model"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete_models(ctx, incomplete)


class AddressType(click.ParamType[Address]):
    """A model or a version."""

    name = "address"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "MODEL[/VERSION]"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete_references(ctx, incomplete)

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


class AliasType(AddressType):
    """An alias of a model."""

    name = "alias"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "MODEL@ALIAS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        address = super().convert(value, param, ctx)
        if not isinstance(address.version, str):
            self.fail(f"{value!r} is not an alias: give {address.model}@ALIAS", param, ctx)
        return address


MODEL: Final = ModelType()
ADDRESS: Final = AddressType()
VERSION: Final = VersionType()
ALIAS: Final = AliasType()


def alias_of(address: Address) -> str:
    """The alias of an address that the ALIAS type has already checked, without its ``@``."""
    return str(address.version).removeprefix("@")


def same_model(addresses: Sequence[Address]) -> str:
    """The model of several versions. Raises UsageError if they are of several models."""
    model, other = addresses[0].model, next((one for one in addresses if one.model != addresses[0].model), None)
    if other is not None:
        raise click.UsageError(f"the versions must be of one model: {other} is not a version of {model}")
    return model


def version_of(address: Address) -> VersionKey:
    """The version that an address names. Raises UsageError for a model."""
    if address.version is None:
        raise click.UsageError(f"'{address}' is not a version: give {address}/NUMBER or {address}@ALIAS")
    return address.version
