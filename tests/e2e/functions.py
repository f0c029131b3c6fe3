"""A Lambda function that serves a model: it answers the version that its environment names."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.e2e.service_roles import service_role
from tests.e2e.stack import Stack

ALIAS = "live"
_PROGRAM = """
import os

def handler(event, context):
    return {"version": os.environ.get("MODEL_VERSION"), "uri": os.environ.get("MODEL_URI")}
"""


@dataclass(frozen=True)
class Function:
    """The function ``name``, which callers reach by its alias."""

    client: Any
    name: str

    def answer(self) -> dict[str, Any]:
        """What a caller of the alias gets."""
        called = self.client.invoke(FunctionName=self.name, Qualifier=ALIAS)
        answer: dict[str, Any] = json.load(called["Payload"])
        return answer

    def weights(self) -> list[float]:
        """The shares of the calls that the alias sends to another version than its own."""
        alias = self.client.get_alias(FunctionName=self.name, Name=ALIAS)
        return list(alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}).values())


@contextmanager
def serving_function(stack: Stack, prefix: str) -> Iterator[Function]:
    """Such a function on the stack's AWS, without an alias; gone afterwards."""
    client, name = stack.aws("lambda"), stack.fresh_name(prefix)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", _PROGRAM)
    with service_role(stack, name, "lambda") as role:
        client.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": code.getvalue()},
        )
        yield Function(client, name)
        client.delete_function(FunctionName=name)
