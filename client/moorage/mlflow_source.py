"""An MLflow server to read from: its registry over REST, its files through its artifact proxy."""

import base64
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote, unquote, urlsplit

import httpx

from moorage.about import __version__
from moorage.destination import place
from moorage.errors import MoorageError, NotConfiguredError, ServerError, UnreachableError, from_problem
from moorage.retry import RetryableError, RetryPolicy, retry_after

PROMPT_TAG: Final = "mlflow.prompt.is_prompt"
_TIMEOUT: Final = httpx.Timeout(connect=10.0, read=120.0, write=60.0, pool=None)
_PAGE: Final = 1000
_CHUNK: Final = 1024 * 1024
_PROXY: Final = "/mlflow-artifacts/artifacts"
# A listing leads downwards; a server that never ends is not followed for ever.
_DEEPEST: Final = 64
# What a proxy answers that lets files be read from its storage alone.
_NOT_PROXIED: Final = frozenset({400, 405, 413, 501})


class UnreadableError(MoorageError):
    """The files of a version cannot be had from the MLflow server."""


@dataclass(frozen=True, slots=True)
class SourceModel:
    """``aliases`` map to MLflow's version numbers."""

    name: str
    description: str
    tags: Mapping[str, str]
    aliases: Mapping[str, int]

    @property
    def is_prompt(self) -> bool:
        return self.tags.get(PROMPT_TAG) == "true"


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """``created`` is in milliseconds."""

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
    """What a tracker holds of the run that made a version, as far as a version can say it."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFile:
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """Files below ``root`` of the proxy at ``proxy``; one that is ``trusted`` is shown the credentials."""

    proxy: str
    root: str
    files: tuple[SourceFile, ...]
    trusted: bool

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def authorization(environment: Mapping[str, str] | None = None) -> str | None:
    """What MLflow's own clients would show the server. As with them, a user name comes before a token."""
    variables = os.environ if environment is None else environment
    user, password = variables.get("MLFLOW_TRACKING_USERNAME"), variables.get("MLFLOW_TRACKING_PASSWORD")
    if user and password:
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    token = variables.get("MLFLOW_TRACKING_TOKEN")
    return f"Bearer {token}" if token else None


class MlflowSource:
    """Reads only. The credentials go to the server's own origin and nowhere else."""

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
            raise NotConfiguredError("Give user and password by MLFLOW_TRACKING_USERNAME and _PASSWORD, not by URL.")
        self.url = url.rstrip("/")
        self._retry = retry or RetryPolicy()
        plain = {"User-Agent": f"moorage-python/{__version__}", "Accept-Encoding": "identity"}
        shown = plain if authorization is None else {**plain, "Authorization": authorization}
        self._trusted = httpx.Client(headers=shown, timeout=_TIMEOUT, transport=transport, follow_redirects=True)
        self._stranger = httpx.Client(headers=plain, timeout=_TIMEOUT, transport=transport, follow_redirects=True)

    def close(self) -> None:
        self._trusted.close()
        self._stranger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def models(self, prefix: str = "") -> Iterator[SourceModel]:
        """Registered models, then prompts, whose names begin so, each kind by name."""
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
        found = self._search("model-versions", "model_versions", conditions, "version_number ASC")
        versions = [_version(listed) for listed in found if listed["name"] == model.name]
        return sorted(versions, key=lambda version: version.number)

    def run(self, run_id: str) -> Run:
        """What the run says; nothing if it is gone."""
        try:
            data = self._get("runs/get", run_id=run_id)["run"].get("data", {})
        except MoorageError as error:
            if error.status in (400, 403, 404):
                return Run()
            raise
        return Run(
            {item["key"]: str(item["value"]) for item in data.get("params", ())},
            # Not a number and the infinities come as text.
            {item["key"]: item["value"] for item in data.get("metrics", ()) if not isinstance(item["value"], str)},
        )

    def files(self, version: SourceVersion) -> SourceFiles:
        """Where the files of a version are, and which. Raises UnreadableError."""
        try:
            answer = self._get("model-versions/get-download-uri", name=version.model, version=str(version.number))
            proxy, root, trusted = self._placed(answer.get("artifact_uri", ""))
            found = SourceFiles(proxy, root, tuple(self._listed(proxy, root, "", trusted, 0)), trusted)
        except ServerError as error:
            raise UnreadableError(error.message, status=error.status) from error
        if not found.files:
            raise UnreadableError("the server lists no files for it: they were deleted, or never logged")
        return found

    def download(self, files: SourceFiles, file: SourceFile, directory: Path, advanced: Callable[[int], None]) -> None:
        """Write a file to its place in ``directory``. Raises UnreadableError, UnsafePathError."""
        target = place(directory, file.path)
        address = f"{files.proxy}{_PROXY}/{quote(_joined(files.root, file.path))}"
        http = self._trusted if files.trusted else self._stranger
        try:
            self._retry.run(lambda: self._stream(http, address, {}, target, file, advanced))
        except _NotProxiedError as refused:
            presigned = f"{files.proxy}/mlflow-artifacts/presigned/{quote(_joined(files.root, file.path))}"
            try:
                granted = self._document(http, presigned, {})
            except MoorageError as error:
                raise UnreadableError(f"{file.path}: {refused.message}") from error
            headers = granted.get("headers") or {}
            # Storage is shown what was signed for it, not what opens the server.
            self._retry.run(lambda: self._stream(self._stranger, granted["url"], headers, target, file, advanced))

    def _model(self, name: str) -> SourceModel:
        found = self._get("registered-models/get", name=name)["registered_model"]
        return SourceModel(
            found["name"],
            found.get("description", ""),
            _tags(found),
            {alias["alias"]: int(alias["version"]) for alias in found.get("aliases", ())},
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

    def _placed(self, uri: str) -> tuple[str, str, bool]:
        """The proxy that serves ``uri``, the path there, and whether it is the server itself."""
        parts = urlsplit(uri)
        ours = urlsplit(self.url)
        if parts.scheme == "mlflow-artifacts" and parts.netloc in ("", ours.netloc):
            return f"{self.url}/api/2.0", parts.path.strip("/"), True
        if parts.scheme in ("http", "https") and _PROXY in uri:
            proxy, _, root = uri.partition(_PROXY)
            return proxy, unquote(root).strip("/"), (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)
        kept = f"{parts.scheme}:" if parts.scheme else "a directory of the server"
        raise UnreadableError(
            f"its files are kept under {kept}, which is not served: let MLflow serve its artifacts, or register "
            "the files by 'moorage register'"
        )

    def _listed(self, proxy: str, root: str, path: str, trusted: bool, depth: int) -> Iterator[SourceFile]:
        if depth > _DEEPEST:
            raise UnreadableError(f"its directories are nested more than {_DEEPEST} deep")
        http = self._trusted if trusted else self._stranger
        listed = self._document(http, f"{proxy}{_PROXY}", {"path": _joined(root, path)})
        for entry in listed.get("files", ()):
            # MLflow answers names; some stores answer paths, whose last part is the name.
            name = str(entry["path"]).rstrip("/").rpartition("/")[2]
            below = _joined(path, name)
            if entry.get("is_dir"):
                yield from self._listed(proxy, root, below, trusted, depth + 1)
            else:
                yield SourceFile(below, int(entry.get("file_size", 0)))

    def _get(self, path: str, **query: str | int) -> Any:
        return self._document(self._trusted, f"{self.url}/api/2.0/mlflow/{path}", query)

    def _document(self, http: httpx.Client, address: str, query: Mapping[str, str | int]) -> Any:
        return self._retry.run(lambda: self._asked(http, address, query))

    def _asked(self, http: httpx.Client, address: str, query: Mapping[str, str | int]) -> Any:
        try:
            answer = http.get(address, params=dict(query))
        except httpx.TransportError as error:
            raise RetryableError(_unreachable(address, error)) from error
        if not answer.is_success:
            raise _refused(answer)
        try:
            return answer.json()
        except ValueError as error:
            raise MoorageError(f"{answer.url.host} answered with something other than JSON: is it MLflow?") from error

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
                    raise _refused(answer)
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
            raise UnreadableError(f"{file.path}: {done} bytes came; the server lists {file.size}")


class _NotProxiedError(UnreadableError):
    """The proxy does not hand out this file itself."""


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


def _tags(found: Mapping[str, Any]) -> dict[str, str]:
    return {tag["key"]: tag.get("value", "") for tag in found.get("tags", ())}


def _quoted(name: str) -> str | None:
    """The name as a string of MLflow's filters, which know no escape; None for one that holds both kinds of quote."""
    return next((f"{mark}{name}{mark}" for mark in ("'", '"') if mark not in name), None)


def _joined(root: str, path: str) -> str:
    return f"{root}/{path}" if root and path else root or path


def _refused(answer: httpx.Response) -> Exception:
    try:
        document = answer.json()
    except ValueError:
        document = {}
    said = document if isinstance(document, Mapping) else {}
    problem = {"detail": said.get("message"), "code": said.get("error_code")}
    error = from_problem(answer.status_code, problem, None)
    error.message = f"MLflow says: {error.message}"
    return RetryableError(error, retry_after(answer.headers.get("Retry-After"))) if error.retryable else error


def _unreachable(address: str, error: httpx.TransportError) -> UnreachableError:
    host = urlsplit(address).hostname
    unreachable = UnreachableError(f"{host} does not answer: {str(error) or type(error).__name__}", retryable=True)
    unreachable.__cause__ = error
    return unreachable
