"""Handler CPU with the transport stubbed: answers recorded once are played back, so that only our code is timed."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSResponse


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

    def median_ms(self, call: Callable[[], object], runs: int) -> float:
        """Median CPU milliseconds of ``call`` over ``runs`` runs against the recorded answers."""
        self._each("register_first", "before-send.*.*", self._answer)
        try:
            times = []
            for _ in range(runs):
                self._position = 0
                start = time.process_time()
                call()
                times.append((time.process_time() - start) * 1000)
            return statistics.median(times)
        finally:
            self._each("unregister", "before-send.*.*", self._answer)

    def _keep(self, response_dict: dict[str, Any], **_: Any) -> None:
        self._recorded.append(
            AWSResponse("", response_dict["status_code"], dict(response_dict["headers"]), _Body(response_dict["body"]))
        )

    def _answer(self, **_: Any) -> AWSResponse:
        answer = self._recorded[self._position]
        self._position += 1
        return AWSResponse("", answer.status_code, answer.headers, _Body(answer.raw.content))

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
