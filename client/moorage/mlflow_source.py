"""Reading from an MLflow server: its model registry over REST, its files through its artifact proxy."""

import base64
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote, unquote, urlsplit

import httpx

from moorage.about import __version__
from moorage.errors import MoorageError, NotConfiguredError, ServerError, UnreachableError, from_problem
from moorage.logs import keep_signatures_out
from moorage.retry import RetryableError, RetryPolicy, retry_after

PROMPT_TAG: Final = "mlflow.prompt.is_prompt"
_TIMEOUT: Final = httpx.Timeout(connect=10.0, read=120.0, write=60.0, pool=None)
_PAGE: Final = 1000
_CHUNK: Final = 1024 * 1024
_PROXY: Final = "/mlflow-artifacts/artifacts"
# The deepest directory that is listed, so that a server whose listing never ends cannot keep the import busy.
_DEEPEST: Final = 64
# Statuses of a proxy that does not serve files itself, so that they must be read from its storage.
_NOT_PROXIED: Final = frozenset({400, 405, 413, 501})


class UnreadableError(MoorageError):
    """The files of a version cannot be read from the MLflow server."""


@dataclass(frozen=True, slots=True)
class SourceModel:
    """A registered model in MLflow. ``aliases`` maps aliases to MLflow's version numbers."""

    name: str
    description: str
    tags: Mapping[str, str]
    aliases: Mapping[str, int]

    @property
    def is_prompt(self) -> bool:
        return self.tags.get(PROMPT_TAG) == "true"


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """A model version in MLflow. ``created`` is in milliseconds since 1970."""

    model: str
    number: int
    description: str
    tags: Mapping[str, str]
    stage: str
    status: str
    source: str
    run_id: str
    run_link: str
    user: str
    created: int


@dataclass(frozen=True, slots=True)
class Run:
    """The parameters and metrics of the run that produced a version, as far as a version can hold them."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file on the MLflow server. ``size`` is in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The files in ``root`` of the artifact proxy at ``proxy``. Only a ``trusted`` proxy receives the credentials."""

    proxy: str
    root: str
    files: tuple[SourceFile, ...]
    trusted: bool

    @property
    def size(self) -> int:
        """The size of all files together, in bytes."""
        return sum(file.size for file in self.files)


def authorization(environment: Mapping[str, str] | None = None) -> str | None:
    """The Authorization header that MLflow's own clients would send. As in MLflow, a user name takes precedence."""
    variables = os.environ if environment is None else environment
    user, password = variables.get("MLFLOW_TRACKING_USERNAME"), variables.get("MLFLOW_TRACKING_PASSWORD")
    if user and password:
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    token = variables.get("MLFLOW_TRACKING_TOKEN")
    return f"Bearer {token}" if token else None


class MlflowSource:
    """Reads from an MLflow server and never writes to it. Credentials go to the server's own origin only."""

    def __init__(
        self,
        url: str,
        authorization: str | None = None,
        *,
        retry: RetryPolicy | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise NotConfiguredError(f"{url!r} is not the address of an MLflow server.")
        if parts.username is not None:
            raise NotConfiguredError(
                "Give user and password by MLFLOW_TRACKING_USERNAME and _PASSWORD, not in the URL."
            )
        self.url = url.rstrip("/")
        self._retry = retry or RetryPolicy()
        plain = {"User-Agent": f"moorage-python/{__version__}", "Accept-Encoding": "identity"}
        authorized = plain if authorization is None else {**plain, "Authorization": authorization}
        keep_signatures_out()
        self._authorized = httpx.Client(
            headers=authorized, timeout=_TIMEOUT, transport=transport, follow_redirects=True
        )
        self._anonymous = httpx.Client(headers=plain, timeout=_TIMEOUT, transport=transport, follow_redirects=True)

    def close(self) -> None:
        self._authorized.close()
        self._anonymous.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def models(self, prefix: str = "") -> Iterator[SourceModel]:
        """Registered models, then prompts, each sorted by name. ``prefix`` selects the names that begin with it."""
        seen: set[str] = set()
        for conditions in ([], [f"tags.`{PROMPT_TAG}` = 'true'"]):
            for listed in self._search("registered-models", "registered_models", conditions, "name ASC"):
                name = listed["name"]
                if name.startswith(prefix) and name not in seen:
                    seen.add(name)
                    yield self._model(name)

    def versions(self, model: SourceModel) -> list[SourceVersion]:
        """The versions of a model, oldest first."""
        conditions = [f"tags.`{PROMPT_TAG}` = 'true'"] if model.is_prompt else []
        named = _quoted(model.name)
        if named is not None:
            conditions.insert(0, f"name = {named}")
        listing = self._search("model-versions", "model_versions", conditions, "version_number ASC")
        versions = [_version(listed) for listed in listing if listed["name"] == model.name]
        return sorted(versions, key=lambda version: version.number)

    def run(self, run_id: str) -> Run:
        """The parameters and metrics of a run. Empty if the run does not exist any more."""
        try:
            data = self._get("runs/get", run_id=run_id)["run"].get("data", {})
        except MoorageError as error:
            if error.status in (400, 403, 404):
                return Run()
            raise
        return Run(
            {item["key"]: str(item["value"]) for item in data.get("params", ())},
            # MLflow sends NaN and the infinities as text.
            {item["key"]: item["value"] for item in data.get("metrics", ()) if not isinstance(item["value"], str)},
        )

    def files(self, version: SourceVersion) -> SourceFiles:
        """List the files of a version. Raises UnreadableError if the server does not serve them."""
        try:
            answer = self._get("model-versions/get-download-uri", name=version.model, version=str(version.number))
            proxy, root, trusted = self._locate(answer.get("artifact_uri", ""))
            files = SourceFiles(proxy, root, tuple(self._list(proxy, root, "", trusted, 0)), trusted)
        except ServerError as error:
            raise UnreadableError(error.message, status=error.status) from error
        if not files.files:
            raise UnreadableError("the server lists no files for it: they were deleted or never logged")
        return files

    def download(self, files: SourceFiles, file: SourceFile, target: Path, advanced: Callable[[int], None]) -> None:
        """Download a file to ``target``. Raises UnreadableError."""
        address = f"{files.proxy}{_PROXY}/{quote(_joined(files.root, file.path))}"
        http = self._authorized if files.trusted else self._anonymous
        try:
            self._retry.run(lambda: self._stream(http, address, {}, target, file, advanced))
        except _NotProxiedError as not_proxied:
            url = f"{files.proxy}/mlflow-artifacts/presigned/{quote(_joined(files.root, file.path))}"
            try:
                presigned = self._document(http, url, {})
            except MoorageError as error:
                raise UnreadableError(f"{file.path}: {not_proxied.message}") from error
            headers = presigned.get("headers") or {}
            # Storage gets the presigned request only, without the credentials of the server.
            self._retry.run(lambda: self._stream(self._anonymous, presigned["url"], headers, target, file, advanced))

    def _model(self, name: str) -> SourceModel:
        document = self._get("registered-models/get", name=name)["registered_model"]
        return SourceModel(
            document["name"],
            document.get("description", ""),
            _tags(document),
            {alias["alias"]: int(alias["version"]) for alias in document.get("aliases", ())},
        )

    def _search(self, kind: str, field: str, conditions: list[str], order: str) -> Iterator[dict[str, Any]]:
        query: dict[str, str | int] = {"max_results": _PAGE, "order_by": order}
        if conditions:
            query["filter"] = " AND ".join(conditions)
        while True:
            page = self._get(f"{kind}/search", **query)
            yield from page.get(field, ())
            if not page.get("next_page_token"):
                return
            query["page_token"] = page["next_page_token"]

    def _locate(self, uri: str) -> tuple[str, str, bool]:
        """The proxy that serves ``uri``, the path on it, and whether it is the server itself."""
        parts = urlsplit(uri)
        ours = urlsplit(self.url)
        if parts.scheme == "mlflow-artifacts" and parts.netloc in ("", ours.netloc):
            return f"{self.url}/api/2.0", parts.path.strip("/"), True
        if parts.scheme in ("http", "https") and _PROXY in uri:
            proxy, _, root = uri.partition(_PROXY)
            return proxy, unquote(root).strip("/"), (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)
        location = f"at {parts.scheme}:" if parts.scheme else "in a directory of the server"
        raise UnreadableError(
            f"its files are {location}, which the server does not serve: let MLflow serve its artifacts, or register "
            "the files with 'moorage register'"
        )

    def _list(self, proxy: str, root: str, path: str, trusted: bool, depth: int) -> Iterator[SourceFile]:
        if depth > _DEEPEST:
            raise UnreadableError(f"its directories are nested more than {_DEEPEST} deep")
        http = self._authorized if trusted else self._anonymous
        listed = self._document(http, f"{proxy}{_PROXY}", {"path": _joined(root, path)})
        for entry in listed.get("files", ()):
            # MLflow returns names. Some stores return paths, whose last part is the name.
            name = str(entry["path"]).rstrip("/").rpartition("/")[2]
            below = _joined(path, name)
            if entry.get("is_dir"):
                yield from self._list(proxy, root, below, trusted, depth + 1)
            else:
                yield SourceFile(below, int(entry.get("file_size", 0)))

    def _get(self, path: str, **query: str | int) -> Any:
        return self._document(self._authorized, f"{self.url}/api/2.0/mlflow/{path}", query)

    def _document(self, http: httpx.Client, address: str, query: Mapping[str, str | int]) -> Any:
        return self._retry.run(lambda: self._request(http, address, query))

    def _request(self, http: httpx.Client, address: str, query: Mapping[str, str | int]) -> Any:
        try:
            answer = http.get(address, params=dict(query))
        except httpx.TransportError as error:
            raise RetryableError(_unreachable(address, error)) from error
        if not answer.is_success:
            raise _error_of(answer)
        try:
            return answer.json()
        except ValueError as error:
            raise MoorageError(
                f"{answer.url.host} answered with something other than JSON: is it an MLflow server?"
            ) from error

    def _stream(
        self,
        http: httpx.Client,
        address: str,
        headers: Mapping[str, str],
        target: Path,
        file: SourceFile,
        advanced: Callable[[int], None],
    ) -> None:
        done = 0
        try:
            with http.stream("GET", address, headers=dict(headers)) as answer:
                if not answer.is_success:
                    answer.read()
                    raise _error_of(answer)
                with target.open("wb") as written:
                    for chunk in answer.iter_bytes(_CHUNK):
                        written.write(chunk)
                        done += len(chunk)
                        advanced(len(chunk))
        except httpx.TransportError as error:
            advanced(-done)
            raise RetryableError(_unreachable(address, error)) from error
        except MoorageError as error:
            if error.status in _NOT_PROXIED:
                raise _NotProxiedError(error.message, status=error.status) from error
            raise UnreadableError(f"{file.path}: {error.message}", status=error.status) from error
        if done != file.size:
            advanced(-done)
            raise UnreadableError(f"{file.path}: received {done} bytes, but the server lists {file.size}")


class _NotProxiedError(UnreadableError):
    """The proxy does not serve this file itself."""


def _version(listed: Mapping[str, Any]) -> SourceVersion:
    return SourceVersion(
        model=listed["name"],
        number=int(listed["version"]),
        description=listed.get("description", ""),
        tags=_tags(listed),
        stage=listed.get("current_stage", "None"),
        status=listed.get("status", "READY"),
        source=listed.get("source", ""),
        run_id=listed.get("run_id", ""),
        run_link=listed.get("run_link", ""),
        user=listed.get("user_id", ""),
        created=int(listed.get("creation_timestamp", 0)),
    )


def _tags(document: Mapping[str, Any]) -> dict[str, str]:
    return {tag["key"]: tag.get("value", "") for tag in document.get("tags", ())}


def _quoted(name: str) -> str | None:
    """The name as a string in MLflow's filters. None if it has both kinds of quotes: filters have no escapes."""
    return next((f"{mark}{name}{mark}" for mark in ("'", '"') if mark not in name), None)


def _joined(root: str, path: str) -> str:
    return f"{root}/{path}" if root and path else root or path


def _error_of(answer: httpx.Response) -> Exception:
    try:
        document = answer.json()
    except ValueError:
        document = {}
    body = document if isinstance(document, Mapping) else {}
    problem = {"detail": body.get("message"), "code": body.get("error_code")}
    error = from_problem(answer.status_code, problem, None)
    error.message = f"MLflow answered: {error.message}"
    # MLflow answers 500 for a file that is gone, so this will not pass.
    lasting = not error.retryable or answer.status_code == 500
    return error if lasting else RetryableError(error, retry_after(answer.headers.get("Retry-After")))


def _unreachable(address: str, error: httpx.TransportError) -> UnreachableError:
    host = urlsplit(address).hostname
    unreachable = UnreachableError(f"{host} does not answer: {str(error) or type(error).__name__}", retryable=True)
    unreachable.__cause__ = error
    return unreachable
