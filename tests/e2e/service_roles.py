"""Roles that services take on. The emulator asks for one that exists, as AWS does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.stack import Stack


@contextmanager
def service_role(stack: Stack, name: str, service: str) -> Iterator[str]:
    """The ARN of a role without rights, which ``service`` such as ``lambda`` may take on; gone afterwards."""
    iam = stack.aws("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    yield iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.delete_role(RoleName=name)
