"""The function that gives second opinions, in a deployed stack whose operator wants them."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from infra.workload import QUARANTINE
from tests.e2e.stack import Stack, eventually
from tools import stack as deployed


class SecondOpinion:
    """The function ``opinion`` of a stack, which can be kept from hearing of versions."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        resources = deployed.Stack(stack.name, stack.aws, time.sleep).resources()
        (self._function,) = [name for logical, name in resources.items() if logical.startswith("SecondOpinionFunction")]

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """No event fires the function."""
        events, bus = self._stack.aws("events"), self._stack.outputs["BusName"]
        arn = self._stack.aws("lambda").get_function_configuration(FunctionName=self._function)["FunctionArn"]
        (rule,) = events.list_rule_names_by_target(TargetArn=arn, EventBusName=bus)["RuleNames"]
        events.disable_rule(Name=rule, EventBusName=bus)
        try:
            yield
        finally:
            events.enable_rule(Name=rule, EventBusName=bus)

    def give(self, event: Mapping[str, Any]) -> None:
        """Run the function on an event, as its rule does."""
        payload = json.dumps({"detail": event})
        answer = self._stack.aws("lambda").invoke(FunctionName=self._function, Payload=payload)
        assert "FunctionError" not in answer, answer["Payload"].read()

    def awaited(self, model: str) -> None:
        """Wait until a result on the model has come whose other half is missing."""
        logs = self._stack.aws("logs")
        function = self._stack.aws("lambda").get_function_configuration(FunctionName=self._stack.function(QUARANTINE))
        group = function["LoggingConfig"]["LogGroup"]

        def half() -> bool:
            events = logs.filter_log_events(logGroupName=group, filterPattern=f'"{model}"')["events"]
            return any('"complete": false' in event["message"] for event in events)

        eventually(half, "the scanner's result")
