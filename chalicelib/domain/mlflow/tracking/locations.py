"""Addresses and paths of logged files under MLflow's artifact proxy."""

import base64
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from chalicelib.domain import names
from chalicelib.domain.errors import InvalidInputError, InvalidNameError

SCHEME: Final = "mlflow-artifacts:"
# The beginning of the proxy's HTTP path.
PROXY: Final = "/api/2.0/mlflow-artifacts/artifacts"
# First segment of proxy paths to the files of registered versions.
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
class LoggedPath:
    """The run or logged model that a proxy path belongs to, if any. ``root`` is the path of its artifacts."""

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
    """Check that a proxy path is relative and normalised, even after repeated percent-decoding, and return it.

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


def logged_path(path: str) -> LoggedPath:
    """The run or logged model that a safe path belongs to: the first one in the path.

    A path below it cannot pass for another run's.
    """
    segments = path.split("/")
    for index, segment in enumerate(segments[:-1]):
        if segments[index + 1] != "artifacts":
            continue
        root = "/".join(segments[: index + 2])
        if index > 0 and segments[index - 1] == "models" and _MODEL_ID.fullmatch(segment):
            return LoggedPath(path, model_id=segment, root=root)
        if _RUN_ID.fullmatch(segment):
            return LoggedPath(path, run_id=segment, root=root)
    return LoggedPath(path)


def proxied_path(uri: str, base_url: str) -> str | None:
    """The path under this registry's proxy that ``uri`` addresses; None if it addresses another server.

    ``base_url`` is the registry's public URL, without a slash at its end. Raises InvalidInputError for an address with
    a query or fragment, InvalidNameError for an unsafe path.
    """
    parts = urlsplit(uri)
    if uri.startswith(SCHEME):
        # The host, if any, names the tracking server, which is this registry. The path is a proxy path.
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
    """A proxy path to files of a registered version. ``rest`` is the path below the version; empty means all files."""

    model: str
    number: int
    rest: str


def of_version(model: str, number: int) -> str:
    """The proxy path of a registered version's files."""
    name = base64.urlsafe_b64encode(model.encode()).decode().rstrip("=")
    return f"{REGISTERED}/{name}/{number}"


def registered(path: str) -> RegisteredPath | None:
    """The registered version that a proxy path names; None if it names none. Raises InvalidNameError."""
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
