"""Promotion schemes: read and list them, and the one for new models."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.item import document_from
from chalicelib.aws.schemes.items import saved_scheme_from
from chalicelib.aws.services import Services
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.saved_scheme import SavedScheme, builtin_version, existing, no_version
from chalicelib.registry.page import Page


def get_scheme(services: Services, name: str, version: int | None = None) -> SavedScheme:
    """The scheme ``name`` as it is, or as a version of it was. Raises SchemeNotFoundError."""
    builtin = builtin_version(name, version)
    if builtin is not None:
        return builtin
    key = keys.saved_scheme(name) if version is None else keys.scheme_version(name, version)
    stored = services.table.get(key)
    if stored is None and version is not None:
        raise no_version(name, version)
    return existing(name, None if stored is None else saved_scheme_from(stored))


def list_schemes(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[SavedScheme]:
    """The built-in schemes on the first page, then one's own by name."""
    after = None if start is None else keys.saved_scheme(str(start["name"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.SCHEME_PREFIX, limit, after)
    own = tuple(saved_scheme_from(item) for item in stored)
    builtin = tuple(existing(name, None) for name in PRESETS) if start is None else ()
    return Page(builtin + own, {"name": own[-1].name} if last is not None and own else None)


def get_default(services: Services) -> Mapping[str, Any]:
    """The document of the scheme that new models are given."""
    stored = services.table.get(keys.default_scheme())
    if stored is None:
        return PRESETS[services.settings.default_scheme]
    document: Mapping[str, Any] = document_from(stored)
    return document
