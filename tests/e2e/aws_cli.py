"""Stands in for AWS's command line, which documented commands call: makes the same call with botocore.

It knows ``aws SERVICE OPERATION --some-name value --some-flag`` and ``aws SERVICE wait WAITER --some-name value``.
"""

import sys
from collections.abc import Sequence
from typing import Any

import boto3


def main(service: str, operation: str, *rest: str) -> None:
    make_client: Any = boto3.client
    client = make_client(service)
    if operation == "wait":
        client.get_waiter(rest[0].replace("-", "_")).wait(**parameters(rest[1:]))
    else:
        getattr(client, operation.replace("-", "_"))(**parameters(rest))


def parameters(options: Sequence[str]) -> dict[str, Any]:
    """``--table-name x --use-latest`` as ``{"TableName": "x", "UseLatest": True}``."""
    found: dict[str, Any] = {}
    name = ""
    for option in options:
        if option.startswith("--"):
            name = "".join(word.capitalize() for word in option.removeprefix("--").split("-"))
            found[name] = True
        else:
            found[name] = option
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
