"""Models and versions as arguments of commands. ``moorage.references`` has the grammar.

Several versions are several arguments.
"""

from collections.abc import Sequence
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from moorage.cli.completion import complete_models, complete_references
from moorage.paths import VersionKey
from moorage.references import Reference, parse_reference


class ModelType(click.ParamType[str]):
    """The name of a model."""

    name = "model"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete_models(ctx, incomplete)


class ReferenceType(click.ParamType[Reference]):
    """A model or a version."""

    name = "reference"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "MODEL[/VERSION]"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return complete_references(ctx, incomplete)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Reference:
        try:
            return parse_reference(value)
        except ValueError as refused:
            self.fail(str(refused), param, ctx)


class VersionType(ReferenceType):
    """A version: a reference with a number or an alias."""

    name = "version"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "MODEL/VERSION"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Reference:
        reference = super().convert(value, param, ctx)
        if reference.version is None:
            self.fail(f"{value!r} is not a version: give {value}/NUMBER or {value}@ALIAS", param, ctx)
        return reference


class AliasType(ReferenceType):
    """An alias of a model."""

    name = "alias"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "MODEL@ALIAS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Reference:
        reference = super().convert(value, param, ctx)
        if not isinstance(reference.version, str):
            self.fail(f"{value!r} is not an alias: give {reference.model}@ALIAS", param, ctx)
        return reference


MODEL: Final = ModelType()
REFERENCE: Final = ReferenceType()
VERSION: Final = VersionType()
ALIAS: Final = AliasType()


def alias_of(reference: Reference) -> str:
    """The alias of a reference that the ALIAS type has already checked, without its ``@``."""
    return str(reference.version).removeprefix("@")


def same_model(references: Sequence[Reference]) -> str:
    """The model of several versions. Raises UsageError if they are of several models."""
    model, other = references[0].model, next((one for one in references if one.model != references[0].model), None)
    if other is not None:
        raise click.UsageError(f"the versions must be of one model: {other} is not a version of {model}")
    return model


def version_of(reference: Reference) -> VersionKey:
    """The version that a reference names. Raises UsageError for a model."""
    if reference.version is None:
        raise click.UsageError(f"'{reference}' is not a version: give {reference}/NUMBER or {reference}@ALIAS")
    return reference.version
