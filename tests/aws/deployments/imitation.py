"""Services of AWS that moto lacks, imitated behind real boto3 clients.

botocore checks every request against the service's own model before it gets here, and what an imitation answers is
checked against the same model. So an imitation only has to behave; it cannot accept or answer what AWS would not.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.validate import ParamValidator

REGION = "eu-central-1"
ACCOUNT = "123456789012"


class Refused(Exception):
    """The imitated service refuses the call."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class Imitation:
    """One service. A subclass has a method for each operation, in snake case, that takes the request.

    ``calls`` are the operations that were asked for, in order. ``refusals`` are answers that a test wants next. The
    client of a service is made once and belongs to its newest imitation: making one takes longer than a test.
    """

    service: str

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.refusals: dict[str, Refused] = {}
        line = _line(self.service)
        line.imitation = self
        self.client = line.client

    def changes(self) -> list[str]:
        """The calls that may have changed something."""
        return [call for call in self.calls if not call.startswith(("Describe", "Get", "List"))]

    def answer(self, model: Any, asked: dict[str, Any]) -> tuple[AWSResponse, dict[str, Any]]:
        """What the service answers to one call."""
        self.calls.append(model.name)
        try:
            if model.name in self.refusals:
                raise self.refusals.pop(model.name)
            answer = getattr(self, xform_name(model.name))(asked) or {}
        except Refused as refused:
            error = {"Error": {"Code": refused.code, "Message": refused.message}}
            return _response(refused.status), {**error, "ResponseMetadata": {"HTTPStatusCode": refused.status}}
        if model.output_shape is not None:
            report = ParamValidator().validate(answer, model.output_shape)
            assert not report.has_errors(), f"{model.name} of the imitation: {report.generate_report()}"
        return _response(200), {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}


class _Line:
    """A client, and who answers its calls."""

    def __init__(self, service: str) -> None:
        self.imitation: Imitation
        make_client: Callable[..., Any] = boto3.session.Session().client
        self.client = make_client(
            service, region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        service_id = self.client.meta.service_model.service_id.hyphenize()
        self.client.meta.events.register("provide-client-params", self._keep)
        # Last: what tests register cuts calls off before they reach the service.
        self.client.meta.events.register_last(f"before-call.{service_id}", self._answer)

    def _keep(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = params

    def _answer(self, model: Any, context: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        return self.imitation.answer(model, context["asked"])


_line = cache(_Line)


def _response(status: int) -> AWSResponse:
    return AWSResponse("https://aws.example", status, {}, None)
