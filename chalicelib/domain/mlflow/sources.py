"""The sources that a client can register a version from, and how they are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote, urlsplit

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.mlflow.tracking import locations
from chalicelib.domain.mlflow.tracking.locations import RegisteredPath

MAX_SOURCE: Final = 2_000
PROMPT_TAG: Final = "mlflow.prompt.is_prompt"

# Schemes whose addresses name a host. They are refused, because clients and the registry's helpers would connect to
# whatever host the address names.
_HOST_ADDRESSED: Final = frozenset({"ftp", "sftp", "hdfs", "viewfs", "http", "https", "r2", "b2", "abfss"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_SEPARATORS = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class LoggedModelSource:
    """A logged model, by its id."""

    model_id: str


@dataclass(frozen=True, slots=True)
class RunSource:
    """A path below a run's artifacts, or the name of a model that the run logged."""

    run_id: str
    path: str


@dataclass(frozen=True, slots=True)
class ProxySource:
    """A path under the artifact proxy."""

    path: str


@dataclass(frozen=True, slots=True)
class VersionSource:
    """A version of a registered model: ``ref`` is its number, ``@alias``, ``latest`` or a stage."""

    model: str
    ref: str


@dataclass(frozen=True, slots=True)
class ExternalSource:
    """An address outside the registry. The registry has none of its bytes and never connects to it."""

    uri: str


Source: TypeAlias = LoggedModelSource | RunSource | ProxySource | VersionSource | ExternalSource


def parse(source: str, base_url: str) -> Source:
    """Parse a source. ``base_url`` is the registry's public URL.

    Raises InvalidInputError for a path on the caller's own machine, a relative path, and an address of a foreign host.
    """
    if not source or len(source) > MAX_SOURCE:
        raise InvalidInputError(f"A source has 1 to {MAX_SOURCE} characters.")
    _check_path(source)
    scheme = _SCHEME.match(source)
    if scheme is None or scheme[1].lower() == "file" or len(scheme[1]) == 1:
        raise InvalidInputError(
            f"Invalid model version source: '{source}'. It is a path of one machine: log the model to the tracking "
            "server, or give an address such as s3://bucket/path that others can read."
        )
    proxied = locations.proxied_path(source, base_url)
    if proxied is not None:
        registered = locations.registered(proxied)
        return ProxySource(proxied) if registered is None else _whole_version(source, registered)
    name, _, rest = source.partition(":")
    if name.lower() == "models":
        return _models_source(source, rest)
    if name.lower() == "runs":
        run_id, _, path = rest.lstrip("/").partition("/")
        if rest.startswith("//") or not run_id:
            raise _invalid(source, "say runs:/<run id>/<path>")
        return RunSource(run_id, path.strip("/"))
    if name.lower() in _HOST_ADDRESSED:
        raise _invalid(
            source,
            f"addresses by host ({name.lower()}) are taken only if they are this registry's own artifacts; copy the "
            "files to s3://, or log them here",
        )
    return ExternalSource(source)


def is_prompt(tags: Mapping[str, str]) -> bool:
    """Whether the tags are a prompt's. The source of a prompt is only a placeholder."""
    return tags.get(PROMPT_TAG, "false").lower() == "true"


def _models_source(source: str, rest: str) -> Source:
    if rest.startswith("//"):
        raise _invalid(source, "say models:/<name>/<version>, models:/<name>@<alias> or models:/<model id>")
    named = rest.strip("/")
    if locations.is_model_id(named):
        return LoggedModelSource(named)
    name, slash, ref = named.partition("/")
    if slash and name and ref and "/" not in ref:
        return VersionSource(name, ref)
    name, at, alias = named.rpartition("@")
    if at and name and alias and "/" not in named:
        return VersionSource(name, f"@{alias}")
    raise _invalid(source, "say models:/<name>/<version>, models:/<name>@<alias> or models:/<model id>")


def _whole_version(source: str, registered: RegisteredPath) -> VersionSource:
    if registered.rest:
        raise _invalid(source, "a version is copied as a whole")
    return VersionSource(registered.model, str(registered.number))


def _check_path(source: str) -> None:
    decoded, again = source, unquote(source)
    while again != decoded:
        decoded, again = again, unquote(again)
    try:
        path = urlsplit(decoded).path
    except ValueError:
        raise _invalid(source, "it is not an address") from None
    if any(ord(one) < 32 for one in decoded) or ".." in _SEPARATORS.split(decoded) or "." in path.split("/"):
        raise InvalidInputError(
            f"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, ftp, "
            "objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references "
            "present. Please provide an absolute path."
        )


def _invalid(source: str, why: str) -> InvalidInputError:
    return InvalidInputError(f"Invalid model version source: '{source}': {why}.")
