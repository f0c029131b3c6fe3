"""What `moorage doctor` examines, one finding after another."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from moorage.about import __version__
from moorage.cache.location import CACHE_VARIABLE, cache_root
from moorage.ci_token import expires_at
from moorage.cli.grants import grant_text
from moorage.client import Client
from moorage.errors import ForbiddenError, MoorageError, NotConfiguredError, NotFoundError
from moorage.login import TOKEN_FILE_VARIABLE, TOKEN_VARIABLE, URL_VARIABLE, Login
from moorage.paths import VersionKey
from moorage.principals import Grant, Identity
from moorage.references import LATEST, Reference

OK: Final = "ok"
WARNING: Final = "warning"
FAILURE: Final = "failure"

_MOST_SKEW_SECONDS: Final = 120
_SOON_DAYS: Final = 7
# This client calls addresses that begin with /v1.
_API_MAJOR: Final = "1"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one examination. ``todo`` says what to do unless it is ok."""

    check: str
    state: str
    message: str
    todo: str | None = None


def examine(client: Client, login: Login, tried: Reference | None, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Examine the way from here to the registry and its storage. Stops at what everything after needs.

    ``tried`` is the version whose storage is tried, or a model whose newest one is. Without it, one of the first
    versions that a search finds is.
    """
    yield Finding("address", OK, f"{login.url}, from {_source(environment, URL_VARIABLE)}")
    yield _transport(login.url)
    try:
        reached = client.reach.registry()
    except MoorageError as error:
        yield Finding("registry", FAILURE, str(error), "mend this first: nothing else can be examined")
        return
    yield Finding("registry", OK, "answers")
    yield _versions(reached.version)
    yield _clock(reached.skew)
    try:
        identity = client.whoami()
    except MoorageError as error:
        notes = " ".join((str(error), *getattr(error, "__notes__", ())))
        yield Finding("token", FAILURE, notes, f"moorage login {login.url}")
        return
    yield Finding(
        "token", OK, f"{identity.principal}, from {_source(environment, TOKEN_VARIABLE, TOKEN_FILE_VARIABLE)}"
    )
    yield _expiry(client, login.token)
    yield _rights(client, identity)
    yield _storage(client, tried)


def cache_directory(environment: Mapping[str, str]) -> Finding:
    """Whether downloads can be kept in the user's cache."""
    try:
        place = cache_root(environment)
    except NotConfiguredError as error:
        return Finding("cache", FAILURE, str(error), f"set {CACHE_VARIABLE} to a directory that can be written")
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    todo = f"make room, or set {CACHE_VARIABLE} to a directory that can be written"
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        return Finding("cache", FAILURE, f"{place} cannot be written", todo)
    try:
        with tempfile.TemporaryFile(dir=existing):
            return Finding("cache", OK, str(place))
    except OSError as error:
        return Finding("cache", FAILURE, f"{place} cannot be written: {error.strerror}", todo)


def _source(environment: Mapping[str, str], *variables: str) -> str:
    return next(
        (variable for variable in variables if environment.get(variable)),
        "the command, moorage.toml or the saved login",
    )


def _transport(url: str) -> Finding:
    if urlsplit(url).scheme == "https":
        return Finding("encryption", OK, "https; the certificate is verified")
    return Finding("encryption", OK, "none, which is accepted because the address is this machine")


def _versions(server: str) -> Finding:
    message = f"client {__version__}, API of the registry {server}"
    if server.split(".", maxsplit=1)[0] == _API_MAJOR:
        return Finding("versions", OK, message)
    return Finding("versions", WARNING, message, "install a client that was made for this API")


def _clock(skew: float | None) -> Finding:
    if skew is None:
        return Finding("clock", WARNING, "the registry does not tell its time", "compare the clocks yourself")
    if abs(skew) <= _MOST_SKEW_SECONDS:
        return Finding("clock", OK, "agrees with the registry's")
    side = "ahead of" if skew > 0 else "behind"
    return Finding("clock", FAILURE, f"{abs(skew):.0f} seconds {side} the registry's", "set the clock of this machine")


def _expiry(client: Client, token: str) -> Finding:
    try:
        moment = _expires(client, token)
    except (ForbiddenError, NotFoundError):
        return Finding("expiry", OK, "not known to this token: 'moorage tokens list' shows it to administrators")
    if moment is None:
        return Finding("expiry", OK, "the token does not say when it expires")
    left = moment - datetime.now(UTC)
    message = f"{moment:%Y-%m-%d %H:%M} UTC, in {left.days} days"
    # A job's token lives for minutes and is renewed by itself, so only a registry token can expire too soon.
    if token.startswith("moor_") and left.days < _SOON_DAYS:
        return Finding("expiry", WARNING, message, "have an administrator make a new token: 'moorage tokens create'")
    return Finding("expiry", OK, message)


def _expires(client: Client, token: str) -> datetime | None:
    if token.startswith("moor_"):
        return client.tokens.get(token.split("_")[1]).expires_at
    seconds = expires_at(token)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _rights(client: Client, identity: Identity) -> Finding:
    if not identity.grants:
        return Finding("rights", WARNING, "none", "ask an administrator for a role: 'moorage roles list' shows them")
    try:
        actions = {role.name: role.actions for role in client.roles.list()}
    except ForbiddenError:
        # Only administrators see what a role allows.
        actions = {}
    return Finding("rights", OK, "; ".join(_right(grant, actions) for grant in identity.grants))


def _right(grant: Grant, actions: Mapping[str, tuple[str, ...]]) -> str:
    held = grant_text(grant)
    return f"{held} ({', '.join(actions[grant.role])})" if grant.role in actions else held


def _storage(client: Client, wanted: Reference | None) -> Finding:
    try:
        tried = wanted or _first_version(client)
        if tried is None:
            todo = "run 'moorage doctor MODEL/VERSION' once there is a version with files"
            return Finding("storage", WARNING, "not examined, because there is no version to fetch from", todo)
        host = client.reach.storage(tried.model, _key(client, tried))
    except (ForbiddenError, NotFoundError) as error:
        todo = "run 'moorage doctor MODEL/VERSION' with one that this token may download"
        return Finding("storage", WARNING, f"not examined: {error}", todo)
    except MoorageError as error:
        return Finding("storage", FAILURE, str(error), "let this machine call the storage's host, which S3 serves")
    return Finding("storage", OK, f"{host} sent the first byte of {tried}")


def _key(client: Client, tried: Reference) -> VersionKey:
    if tried.version is None or tried.version == LATEST:
        return client.versions.latest(tried.model).number
    return tried.version


def _first_version(client: Client) -> Reference | None:
    found = client.search.versions(limit=20)
    return next((Reference(one.model, one.number) for one in found if one.ready and one.file_count), None)
