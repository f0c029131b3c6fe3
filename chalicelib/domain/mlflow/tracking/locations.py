"""Where files are logged: addresses of MLflow's artifact proxy, and the paths under it."""

import base64
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from chalicelib.domain import names
from chalicelib.domain.errors import InvalidInputError, InvalidNameError

SCHEME: Final = "mlflow-artifacts:"
# What comes before the path where the proxy is addressed over HTTP.
PROXY: Final = "/api/2.0/mlflow-artifacts/artifacts"
# First segment of the proxy's paths of registered versions' files.
REGISTERED: Final = "registered"
# The key in the bucket begins with "mlflow/".
MAX_PATH_BYTES: Final = 1_000

_RUN_ID = re.compile(r"[0-9a-f]{32}")
_MODEL_ID = re.compile(r"m-[0-9a-f]{32}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_SEPARATOR = re.compile(r"[/\\]")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
_WEB: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class Place:
    """What a path under the proxy is of: a run, a logged model, or nothing known. ``root`` is where its files begin."""

    path: str
    run_id: str | None = None
    model_id: str | None = None
    root: str | None = None


def of_experiment(experiment_id: str) -> str:
    return f"{SCHEME}/{experiment_id}"


def of_run(experiment_location: str, run_id: str) -> str:
    return f"{experiment_location.rstrip('/')}/{run_id}/artifacts"


def of_model(experiment_location: str, model_id: str) -> str:
    return f"{experiment_location.rstrip('/')}/models/{model_id}/artifacts"


def is_model_id(text: str) -> bool:
    return _MODEL_ID.fullmatch(text) is not None


def safe_path(path: str) -> str:
    """A path under the proxy: relative, normalised, also when it is percent-decoded again and again.

    Raises InvalidNameError.
    """
    decoded, again = path, unquote(path)
    while again != decoded:
        decoded, again = again, unquote(again)
    if "\x00" in decoded or ".." in _SEPARATOR.split(decoded) or _ABSOLUTE.match(decoded):
        raise InvalidNameError(f"Invalid path: {path[:200]!r}")
    names.file_path(path)
    if len(path.encode()) > MAX_PATH_BYTES:
        raise InvalidNameError(f"A path has at most {MAX_PATH_BYTES} bytes.")
    return path


def place(path: str) -> Place:
    """What a safe path is of. The first that it names counts, so that nothing below can pass for something else."""
    segments = path.split("/")
    for index, segment in enumerate(segments[:-1]):
        if segments[index + 1] != "artifacts":
            continue
        root = "/".join(segments[: index + 2])
        if index > 0 and segments[index - 1] == "models" and _MODEL_ID.fullmatch(segment):
            return Place(path, model_id=segment, root=root)
        if _RUN_ID.fullmatch(segment):
            return Place(path, run_id=segment, root=root)
    return Place(path)


def proxied_path(uri: str, base_url: str) -> str | None:
    """The path under this registry's proxy that an address means, None if it is another's.

    ``base_url`` is the registry's public URL, without a slash at its end. Raises InvalidInputError for an address that
    is ours and whose path is not safe.
    """
    parts = urlsplit(uri)
    if uri.startswith(SCHEME):
        # The host, if any, is of the tracking server, which is this registry; the path is the proxy's.
        path = parts.path.strip("/").removeprefix(PROXY.strip("/") + "/")
    elif parts.scheme.lower() in _WEB and uri.startswith(f"{base_url}{PROXY}/"):
        path = parts.path.partition(f"{PROXY}/")[2].strip("/")
    else:
        return None
    if parts.query or parts.fragment:
        raise InvalidInputError(f"Invalid model version source: '{uri[:200]}'. It must have no query and no fragment.")
    return safe_path(path)


@dataclass(frozen=True, slots=True)
class RegisteredPath:
    """A path of the proxy that is of a registered version: its files under ``rest``, which is empty for all."""

    model: str
    number: int
    rest: str


def of_version(model: str, number: int) -> str:
    """The path under the proxy of a registered version's files."""
    name = base64.urlsafe_b64encode(model.encode()).decode().rstrip("=")
    return f"{REGISTERED}/{name}/{number}"


def registered(path: str) -> RegisteredPath | None:
    """What a path says of a registered version, None if it is no such path. Raises InvalidNameError."""
    first, _, after = path.partition("/")
    if first != REGISTERED:
        return None
    encoded, _, after = after.partition("/")
    number, _, rest = after.partition("/")
    try:
        model = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise InvalidNameError(f"{path!r} is not the path of a registered version.") from None
    if not _NUMBER.fullmatch(number):
        raise InvalidNameError(f"{path!r} is not the path of a registered version.")
    return RegisteredPath(names.model_name(model), int(number), rest)
