"""Deploys the stack to the emulator with the CDK command line, and only when its input changed."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.gaps import (
    allow_plain_http,
    choose_lines_by_words,
    fit_role_policies,
    put_gateway_responses,
    tell_public_url,
)
from infra.local.place import ACCOUNT, REGION, ROOT, LocalFailure, Place
from infra.package_source import package_files
from infra.staged_copy import content_hash
from infra.web_package import MissingInterface, web_files

CDK = ROOT / "infra" / "node_modules" / ".bin" / "cdk"


def deploy(place: Place) -> bool:
    """Deploy the working tree's stack. Returns False if it was already deployed."""
    wanted = _input_hash(place)
    if _deployed_hash(place) == wanted and _stack(place) is not None:
        return False
    if not _bootstrapped(place):
        # In a directory without cdk.json: with it, the bootstrap would synthesise the stack for nothing.
        _cdk(place, place.directory, "bootstrap", f"aws://{ACCOUNT}/{REGION}")
    context = [part for name, value in place.stack_context().items() for part in ("--context", f"{name}={value}")]
    _cdk(
        place,
        ROOT,
        "deploy",
        place.stack_name,
        "--require-approval=never",
        # No change set, because nobody reviews it.
        "--method=direct",
        "--output",
        str(place.directory / "cdk.out"),
        *context,
    )
    if _stack(place) is None:
        raise LocalFailure(
            f"cdk deploy succeeded, but {place.stack_name} does not exist. MiniStack's log:\n{place.log_tail()}"
        )
    stack_outputs = outputs(place)
    gateway = _client(place, "apigateway")
    put_gateway_responses(place, gateway, stack_outputs["RestAPIId"])
    tell_public_url(gateway, stack_outputs["RestAPIId"], api_url(place))
    buckets = (stack_outputs["BucketName"], stack_outputs["AnchorBucketName"])
    allow_plain_http(_client(place, "s3"), _client(place, "sqs"), buckets, place.stack_name)
    fit_role_policies(_client(place, "iam"), place.stack_name)
    choose_lines_by_words(_client(place, "logs"), place.stack_name)
    place.deployed_file.write_text(json.dumps({"input": wanted}))
    return True


def outputs(place: Place) -> dict[str, str]:
    """The stack's outputs by name."""
    stack = _stack(place)
    if stack is None:
        raise LocalFailure(f"{place.stack_name} is not deployed; run make up")
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def api_url(place: Place) -> str:
    """The URL at which the emulated API Gateway serves the API."""
    return f"{place.endpoint}/_aws/execute-api/{outputs(place)['RestAPIId']}/api"


def interface_url(place: Place) -> str:
    """The URL of the web interface."""
    return f"{api_url(place)}/ui/"


def admin_token(place: Place) -> str:
    """The bootstrap administrator's token, built from the secret in the emulated Secrets Manager."""
    secret = _client(place, "secretsmanager").get_secret_value(SecretId=outputs(place)["AdminSecretArn"])
    return f"moor_bootstrap_{secret['SecretString']}"


def _input_hash(place: Place) -> str:
    """Hash of everything that determines the synthesised stack: application, infrastructure, tools and options."""
    infrastructure = [
        path for pattern in ("*.py", "*.json", "local/*.py", "local/*.txt") for path in (ROOT / "infra").glob(pattern)
    ]
    tools = [Path("cdk.json"), Path("requirements-run.txt")]
    packaged = {*package_files(ROOT), *interface_files(ROOT)}
    files = sorted({*packaged, *tools, *(path.relative_to(ROOT) for path in infrastructure)})
    options = json.dumps([place.stack_context(), sys.version_info[:2]], sort_keys=True)
    return hashlib.sha256(f"{content_hash(ROOT, files)} {options}".encode()).hexdigest()


def interface_files(root: Path) -> list[Path]:
    """The files of the web interface's package, relative to ``root``. Raises LocalFailure if it is not built."""
    try:
        return web_files(root)
    except MissingInterface as error:
        raise LocalFailure(str(error)) from error


def _deployed_hash(place: Place) -> str | None:
    if not place.deployed_file.exists():
        return None
    hashed: str = json.loads(place.deployed_file.read_text())["input"]
    return hashed


def _cdk(place: Place, directory: Path, *arguments: str) -> None:
    if not CDK.exists():
        raise LocalFailure(f"the CDK command line is not installed at {CDK.relative_to(ROOT)}; run make up")
    log = place.directory / "cdk.log"
    # cdk looks for node and for the Python of infra.main on the path; both are in our virtual environment.
    environment = place.environment()
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    with log.open("wb") as output:
        status = subprocess.run(
            [str(CDK), *arguments],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        ).returncode
    if status != 0:
        log_end = "\n".join(log.read_text(errors="replace").splitlines()[-40:])
        raise LocalFailure(f"cdk {arguments[0]} failed:\n{log_end}\n\nMiniStack's log:\n{place.log_tail()}")


def _bootstrapped(place: Place) -> bool:
    try:
        _client(place, "ssm").get_parameter(Name="/cdk-bootstrap/hnb659fds/version")
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            return False
        raise
    return True


def _stack(place: Place) -> dict[str, Any] | None:
    """CloudFormation's description of the stack; None if it does not exist or its last deployment failed."""
    try:
        described = _client(place, "cloudformation").describe_stacks(StackName=place.stack_name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # "does not exist"
            return None
        raise
    return dict(described) if described["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"} else None


def _client(place: Place, service: str) -> Any:
    settings = place.environment()
    # boto3-stubs types the client of each service by its literal name; here the name is a variable.
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=settings["AWS_ENDPOINT_URL"],
        region_name=REGION,
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=2, read_timeout=30),
    )
