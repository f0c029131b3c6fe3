"""Handler CPU with the transport stubbed: answers recorded once are played back, so that only our code is timed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any, cast

from botocore.awsrequest import AWSResponse
from botocore.response import StreamingBody
from moto.core.models import botocore_stubber

from bench.ratio import Timing, cpu_ms


def answered(status: int, headers: Mapping[str, str], content: bytes) -> AWSResponse:
    """What a transport hands to botocore."""
    # botocore asks for no more of headers than any mapping has.
    return AWSResponse("", status, cast("Any", headers), _Body(content))


@contextmanager
def _emulator_stepped_aside() -> Iterator[None]:
    """moto would answer before any handler of ours."""
    botocore_stubber.enabled = False
    try:
        yield
    finally:
        botocore_stubber.enabled = True


class Replay:
    """Records what AWS answered during one run of a call and answers the same, in order, in every later run."""

    def __init__(self, clients: list[Any]) -> None:
        self._clients = clients
        self._recorded: list[AWSResponse] = []
        self._position = 0

    def record(self, call: Callable[[], object]) -> None:
        self._recorded = []
        self._each("register_last", "response-received.*.*", self._keep)
        try:
            call()
        finally:
            self._each("unregister", "response-received.*.*", self._keep)

    def compared(self, call: Callable[[], object], reference: Callable[[], object], runs: int) -> Timing:
        """``call`` against the recorded answers, right after ``reference``, each run so many times."""
        with _emulator_stepped_aside():
            reference_ms = cpu_ms(reference, runs)
            self._each("register_first", "before-send.*.*", self._answer)
            try:
                return Timing(cpu_ms(lambda: self._from_the_start(call), runs), reference_ms)
            finally:
                self._each("unregister", "before-send.*.*", self._answer)

    def _from_the_start(self, call: Callable[[], object]) -> None:
        self._position = 0
        call()

    def _keep(self, response_dict: dict[str, Any], parsed_response: dict[str, Any], **_: Any) -> None:
        content = response_dict["body"]
        if isinstance(content, StreamingBody):
            # A stream is read once, and the call is about to read it.
            content = content.read()
            parsed_response["Body"] = StreamingBody(BytesIO(content), len(content))
        self._recorded.append(answered(response_dict["status_code"], dict(response_dict["headers"]), content))

    def _answer(self, **_: Any) -> AWSResponse:
        answer = self._recorded[self._position]
        self._position += 1
        return answered(answer.status_code, answer.headers, answer.raw.content)

    def _each(self, verb: str, event: str, handler: Callable[..., Any]) -> None:
        for client in self._clients:
            getattr(client.meta.events, verb)(event, handler)


class _Body:
    """A recorded body, readable as a transport's stream is."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, **_: Any) -> list[bytes]:
        return [self.content]

    def read(self, *_: Any) -> bytes:
        return self.content
