"""What the server answers to each request, without the transport."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

from moorage.about import __version__
from moorage.serving import invocations, open_inference
from moorage.serving.checking import checked
from moorage.serving.inputs import Input
from moorage.serving.plain_answers import plain
from moorage.serving.refusals import INTERNAL, NOT_FOUND, RefusedRequestError
from moorage.serving.served import Served, Slot

VERSION_HEADER: Final = "Moorage-Version"
DIGEST_HEADER: Final = "Moorage-Digest"

# Takes note of an answered request: the version that answered, its input as the model saw it, and the predictions.
Observe: TypeAlias = Callable[[Served, Input, Any], None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its path without the query, and its body."""

    method: str
    path: str
    content_type: str | None = None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. Its headers name the version that it is from."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Application:
    """Answers requests with the version that is in ``slot`` when the request comes.

    ``observe`` is called with each input and what was predicted from it. It must raise nothing.
    """

    def __init__(self, slot: Slot, observe: Observe | None = None) -> None:
        self.slot = slot
        self._observe = observe
        # A server that ends answers what has begun, and says that it takes nothing new.
        self.draining = False

    def respond(self, request: Request) -> Response:
        """The answer to a request, also to one that is refused. Raises nothing that a request can cause."""
        served = self.slot.current
        path = [unquote(segment) for segment in request.path.strip("/").split("/")]
        of_protocol = path[0] == "v2"
        try:
            answered = (
                self._open_inference(served, request, path) if of_protocol else self._plain(served, request, path)
            )
        except RefusedRequestError as refused:
            answered = _refusal(refused, of_protocol)
        except Exception:  # noqa: BLE001 - a defect must not leave a request without an answer
            _log.exception("%s %s met a defect of the server", request.method, request.path)
            defect = RefusedRequestError("the server failed: its log has the reason", 500, INTERNAL)
            answered = _refusal(defect, of_protocol)
        return _marked(answered, served)

    def refuse(self, status: int, message: str) -> Response:
        """The answer to a request that cannot even be read."""
        return _marked(_refusal(RefusedRequestError(message, status), of_protocol=False), self.slot.current)

    def _plain(self, served: Served, request: Request, path: list[str]) -> Response:
        match path:
            case ["invocations"]:
                _expect(request, "POST")
                given, params = invocations.parse(request.body, request.content_type, served.signature.inputs)
                return _json(invocations.answer(self._predictions(served, given, params)))
            case ["ping"]:
                _expect(request, "GET")
                # SageMaker and MLflow look at the status alone.
                return Response(503 if self.draining else 200, b"\n")
            case ["health"]:
                _expect(request, "GET")
                return _json(self._health(served), 503 if self.draining else 200)
            case ["version"]:
                _expect(request, "GET")
                return Response(200, __version__.encode(), "text/plain")
        raise _unknown(request)

    def _open_inference(self, served: Served, request: Request, path: list[str]) -> Response:
        match path:
            case ["v2"]:
                _expect(request, "GET")
                return _json({"name": "moorage", "version": __version__, "extensions": []})
            case ["v2", "health", "live"]:
                _expect(request, "GET")
                return _json({"live": True})
            case ["v2", "health", "ready"]:
                _expect(request, "GET")
                return self._ready()
            case ["v2", "models", model, "versions", version, *action]:
                _check_version(served, model, version)
            case ["v2", "models", model, *action]:
                _check_version(served, model, None)
            case _:
                raise _unknown(request)
        return self._of_model(served, request, action)

    def _of_model(self, served: Served, request: Request, action: list[str]) -> Response:
        match action:
            case []:
                _expect(request, "GET")
                return _json(open_inference.model_metadata(served.model, served.version, served.signature))
            case ["ready"]:
                _expect(request, "GET")
                return self._ready(served.model)
            case ["infer"]:
                _expect(request, "POST")
                return self._infer(served, request)
        raise _unknown(request)

    def _infer(self, served: Served, request: Request) -> Response:
        given, params, identifier = open_inference.parse(request.body, request.content_type, served.signature)
        predictions = self._predictions(served, given, params)
        try:
            document = open_inference.answer(served.model, served.version, predictions, served.signature, identifier)
        except TypeError as error:
            raise RefusedRequestError(f"{error}: ask /invocations instead", 500, INTERNAL) from error
        return _json(document)

    def _predictions(self, served: Served, given: Input, params: Mapping[str, Any]) -> Any:
        """What the model predicts, as JSON holds it. Raises RefusedRequestError if the input or the model fails."""
        inputs = served.signature.inputs
        fitting = checked(given, inputs)
        try:
            predictions = plain(served.predict(fitting, params))
        except Exception as error:
            _log.exception("%s failed to predict", served)
            # Without a signature, the input could not be checked: it is what is wrong, most of the time.
            status, code = (500, INTERNAL) if inputs and not params else (400, "BAD_REQUEST")
            raise RefusedRequestError(f"the model failed: {type(error).__name__}: {error}", status, code) from error
        if self._observe is not None:
            self._observe(served, fitting, predictions)
        return predictions

    def _ready(self, model: str | None = None) -> Response:
        name = {} if model is None else {"name": model}
        return _json({**name, "ready": not self.draining}, 503 if self.draining else 200)

    def _health(self, served: Served) -> dict[str, Any]:
        standing = self.slot.standing
        return {
            "status": "draining" if self.draining else "serving",
            "model": served.model,
            "version": served.version,
            "digest": served.digest,
            "following": standing.following,
            "refused": standing.refused,
            "problem": standing.problem,
            "unreported": standing.unreported,
            "unmonitored": standing.unmonitored,
        }


def _marked(response: Response, served: Served) -> Response:
    headers = {VERSION_HEADER: str(served.version), DIGEST_HEADER: served.digest}
    return Response(response.status, response.body, response.content_type, headers)


def _check_version(served: Served, model: str, version: str | None) -> None:
    if model != served.model or version not in (None, str(served.version)):
        asked = model if version is None else f"{model}/{version}"
        raise RefusedRequestError(f"{asked} is not served here, but {served}", 404, NOT_FOUND)


def _expect(request: Request, method: str) -> None:
    if request.method != method and not (request.method == "HEAD" and method == "GET"):
        raise RefusedRequestError(f"{request.path} takes {method}", 405, "METHOD_NOT_ALLOWED")


def _unknown(request: Request) -> RefusedRequestError:
    return RefusedRequestError(
        f"there is nothing at {request.path}: /invocations and /v2/models/MODEL/infer predict", 404, NOT_FOUND
    )


def _refusal(refused: RefusedRequestError, of_protocol: bool) -> Response:
    """An error in the form of the protocol that was spoken."""
    if of_protocol:
        return _json({"error": refused.message}, refused.status)
    return _json({"error_code": refused.code, "message": refused.message}, refused.status)


def _json(document: Any, status: int = 200) -> Response:
    return Response(status, json.dumps(document, ensure_ascii=False, allow_nan=False).encode())
