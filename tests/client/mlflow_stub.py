"""An MLflow server on loopback with those calls of MLflow 3.17 that an import uses."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.loopback import Quiet, serving

PROMPT = "mlflow.prompt.is_prompt"
Document = dict[str, Any]


@dataclass
class ReceivedRequest:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class MlflowStub:
    """``files`` maps paths to what the proxy serves, ``answers`` the ends of request paths to other responses."""

    url: str
    models: dict[str, Document] = field(default_factory=dict)
    versions: list[Document] = field(default_factory=list)
    runs: dict[str, Document] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    uris: dict[tuple[str, str], str] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    requests: list[ReceivedRequest] = field(default_factory=list)

    def model(self, name: str, **fields: Any) -> None:
        self.models[name] = {"name": name, "tags": _pairs(fields.pop("tags", {})), **fields}

    def version(self, name: str, number: int, content: dict[str, bytes] | None = None, **fields: Any) -> None:
        root = f"0/{number}-{name}"
        tags = _pairs(fields.pop("tags", {}))
        uri = fields.pop("uri", f"mlflow-artifacts:/{root}")
        shown = {"current_stage": "None", "status": "READY", "source": uri, "creation_timestamp": 1_700_000_000_123}
        self.versions.append({"name": name, "version": str(number), "tags": tags, **shown, **fields})
        self.uris[name, str(number)] = uri
        for path, body in (content or {}).items():
            self.files[f"{root}/{path}"] = body

    def point(self, name: str, alias: str, number: int) -> None:
        self.models[name].setdefault("aliases", []).append({"alias": alias, "version": str(number)})

    def answer(self, request: ReceivedRequest) -> tuple[int, bytes]:
        self.requests.append(request)
        for ending, answer in self.answers.items():
            if request.path.endswith(ending):
                return answer
        path = request.path.removeprefix("/api/2.0/")
        if path == "mlflow/registered-models/search":
            return _page(self._filtered(list(self.models.values()), request), "registered_models", request)
        if path == "mlflow/registered-models/get":
            return _json({"registered_model": self.models[request.query["name"]]})
        if path == "mlflow/model-versions/search":
            return _page(self._filtered(self.versions, request), "model_versions", request)
        if path == "mlflow/model-versions/get-download-uri":
            return _json({"artifact_uri": self.uris[request.query["name"], request.query["version"]]})
        if path == "mlflow/runs/get":
            run = self.runs.get(request.query["run_id"])
            return _refusal(404, "RESOURCE_DOES_NOT_EXIST") if run is None else _json({"run": {"data": run}})
        if path == "mlflow-artifacts/artifacts":
            return _json({"files": self._listed(request.query["path"])})
        body = self.files.get(unquote(path.removeprefix("mlflow-artifacts/artifacts/")))
        return _refusal(404, "NOT_FOUND") if body is None else (200, body)

    def _filtered(self, documents: list[Document], request: ReceivedRequest) -> list[Document]:
        """Apply a filter: it selects prompts if it asks for them, and everything else if it does not."""
        wanted = request.query.get("filter", "")
        prompts = f"tags.`{PROMPT}` = 'true'" in wanted
        chosen = [
            document
            for document in documents
            if any(tag == {"key": PROMPT, "value": "true"} for tag in document["tags"]) is prompts
        ]
        if wanted.startswith("name = "):
            quote = wanted[len("name = ")]
            name = wanted.split(quote)[1]
            chosen = [document for document in chosen if document["name"] == name]
        return chosen

    def _listed(self, directory: str) -> list[Document]:
        entries: dict[str, Document] = {}
        for path, body in self.files.items():
            if path.startswith(f"{directory}/"):
                name, slash, _ = path.removeprefix(f"{directory}/").partition("/")
                entries[name] = {"path": name, "is_dir": True} if slash else _file(name, body)
        return list(entries.values())


@contextmanager
def served() -> Iterator[MlflowStub]:
    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            status, body = stub.answer(
                ReceivedRequest(parts.path, query, {k.lower(): v for k, v in self.headers.items()})
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Handler) as url:
        stub = MlflowStub(url)
        yield stub


def _page(documents: list[Document], name: str, request: ReceivedRequest) -> tuple[int, bytes]:
    """Return pages of two, so that a caller that reads only the first page fails."""
    start = int(base64.b64decode(request.query["page_token"])) if "page_token" in request.query else 0
    more = base64.b64encode(str(start + 2).encode()).decode() if start + 2 < len(documents) else None
    page: Document = {name: documents[start : start + 2]} if documents else {}
    return _json(page if more is None else {**page, "next_page_token": more})


def _json(document: Document) -> tuple[int, bytes]:
    return 200, json.dumps(document).encode()


def _refusal(status: int, code: str) -> tuple[int, bytes]:
    return status, json.dumps({"error_code": code, "message": f"said {code}"}).encode()


def _file(name: str, body: bytes) -> Document:
    return {"path": name, "is_dir": False, "file_size": len(body)}


def _pairs(tags: dict[str, str]) -> list[Document]:
    return [{"key": key, "value": value} for key, value in tags.items()]
