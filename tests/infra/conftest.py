"""The synthesised stack, as CloudFormation will read it.

Synthesis runs in a separate process, because Chalice imports the application and leaves CDK's placeholders in the
environment. It fails on any finding of cdk-nag that infra/acknowledged.py does not accept.
"""

import fcntl
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.infra.template import Template

ROOT = Path(__file__).resolve().parents[2]
# The Python of MiniStack's environment, which has the package that expands SAM.
SAM_PYTHON = ROOT / ".local" / "ministack" / "bin" / "python"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
HOST_PYTHON = ".".join(map(str, sys.version_info[:2]))
WEB_ACL = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/guard/1"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
PASSED_ROLE = "arn:aws:iam::123456789012:role/serving"
HOST_ARCHITECTURE = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
OPTIONS: dict[str, dict[str, str]] = {
    "production": {
        "stage": "production",
        "domain_name": "models.example.org",
        "certificate_arn": CERTIFICATE,
        "public_url": "https://ml.example.org/registry",
        "alarm_topic_arn": "arn:aws:sns:eu-central-1:123456789012:alarms",
        "anchor_mode": "compliance",
        "anchor_years": "10",
        "anchor_hours": "6",
        "anchor_signing": "true",
        "model_signing": "kms",
    },
    # The package that a test loads, so it is built for this machine.
    "development": {"outbound_allow": "127.0.0.0/8", "architecture": HOST_ARCHITECTURE},
    "enterprise": {
        "stage": "production",
        "domain_name": "models.example.org",
        "certificate_arn": CERTIFICATE,
        "disable_default_endpoint": "true",
        "web_acl_arn": WEB_ACL,
        "trusted_accounts": "210987654321, 310987654321",
        "vpc_id": "vpc-0123456789abcdef0",
        "subnet_ids": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
        "security_group_ids": "sg-0123456789abcdef0",
        "vpc_route_table_ids": "rtb-0123456789abcdef0",
        "scanner_security_group_ids": "sg-0fedcba9876543210",
        "second_opinion": "picklescan",
        "outbound_allow": "10.0.0.0/8",
        "tags": "team=ml,cost-center=42",
        "permissions_boundary": BOUNDARY,
        "kms_key_arn": KEY,
        "method_metrics": "true",
        "dashboard": "true",
        "intelligent_tiering": "true",
        "sender_concurrency": "0",
        "model_signing": "key",
        "deploy_sagemaker_endpoints": "moorage-*",
        "deploy_lambda_functions": "score-*,rank",
        "deploy_ecs_services": "serving/fraud",
        "deploy_state_machines": "deploy-*",
        "deploy_pipelines": "deploy-*",
        "deploy_ssm_parameters": "/models/*",
        "deploy_appconfig": "abc1234",
        "deploy_passable_roles": PASSED_ROLE,
    },
    "restored": {
        "stage": "production",
        "table_name": "moorage-restored",
        "table_stream": "2026-11-28T13:00:00.000",
        "bucket_name": "moorage-replica",
        "scanning": "off",
    },
}


def synthesise(output: Path, **context: str) -> subprocess.CompletedProcess[str]:
    """Run CDK's entry point as the CDK command line does, without an AWS account."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    environment |= {
        # jsii looks for node on the path; it is installed with the other tools.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}",
        "AWS_REGION": "eu-central-1",
        "CDK_OUTDIR": str(output),
        # The package is built by the Python of the tests, whichever it is.
        "CDK_CONTEXT_JSON": json.dumps({"python": HOST_PYTHON} | context),
    }
    return subprocess.run(
        [sys.executable, "-m", "infra.main"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def synthesis_of(factory: pytest.TempPathFactory, name: str) -> Path:
    """The directory with the synthesised stack of the options called ``name``.

    Parallel test processes share it. While one synthesises it, another synthesises the next one instead of waiting.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    for one in sorted(OPTIONS, key=lambda known: known != name):
        with _lock(shared / f"synthesis-{one}.lock", wait=False) as locked:
            if locked:
                _synthesised(shared, one)
                break
    with _lock(shared / f"synthesis-{name}.lock", wait=True):
        return _synthesised(shared, name)


def _synthesised(shared: Path, name: str) -> Path:
    output = shared / f"synthesis-{name}"
    if not output.exists():
        ran = synthesise(output, **OPTIONS[name])
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return output


@contextmanager
def _lock(file: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock between processes. Yields whether it is held; with ``wait`` it always is."""
    with file.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def template_of(synthesis: Path) -> Template:
    (file,) = synthesis.glob("*.template.json")
    return Template(json.loads(file.read_text()))


def expansion_of(synthesis: Path) -> Template:
    """The synthesised template with its SAM resources expanded, as AWS expands them (see tests/infra/expand.py)."""
    (file,) = synthesis.glob("*.template.json")
    ran = subprocess.run(
        [str(SAM_PYTHON), str(ROOT / "tests" / "infra" / "expand.py"), str(file)],
        env=os.environ | {"AWS_DEFAULT_REGION": "eu-central-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return Template(json.loads(ran.stdout))


@pytest.fixture(scope="session")
def production(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The stack as it goes to AWS, with a domain, an alarm topic, and signed anchors and versions."""
    return template_of(synthesis_of(tmp_path_factory, "production"))


@pytest.fixture(scope="session")
def expanded(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The production stack as CloudFormation deploys it: with its SAM resources expanded."""
    return expansion_of(synthesis_of(tmp_path_factory, "production"))


@pytest.fixture(scope="session")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The stack with every option that an account's rules may demand, expanded."""
    return expansion_of(synthesis_of(tmp_path_factory, "enterprise"))


@pytest.fixture(scope="session")
def enterprise_tags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The tags that the CDK command line gives to that stack."""
    manifest = json.loads((synthesis_of(tmp_path_factory, "enterprise") / "manifest.json").read_text())
    (stack,) = [it for it in manifest["artifacts"].values() if it["type"] == "aws:cloudformation:stack"]
    tags: dict[str, str] = stack["properties"]["tags"]
    return tags


@pytest.fixture(scope="session")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The stack on a restored table and bucket."""
    return template_of(synthesis_of(tmp_path_factory, "restored"))


@pytest.fixture(scope="session")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory with the synthesised development stack."""
    return synthesis_of(tmp_path_factory, "development")


@pytest.fixture(scope="session")
def development(tried: Path) -> Template:
    """The development stack, for somebody who tries Moorage."""
    return template_of(tried)
