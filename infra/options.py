"""The options of a stack, read from CDK context (``cdk deploy --context stage=prod``)."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Self

from chalicelib.aws.names import NO_SECOND_OPINION, PICKLESCAN
from infra.option_values import (
    InvalidOption,
    Parser,
    arn,
    limits,
    matching,
    named,
    networks,
    one_of,
    pairs,
    several,
    truth,
    whole,
    whole_of,
)

# Retention periods that CloudWatch Logs accepts, in days.
LOG_RETENTION_DAYS = frozenset({1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653})
DEFAULT_STAGE = "development"
# In these stages, the data is deleted with the stack unless the operator sets removal_policy.
DISPOSABLE_STAGES = frozenset({DEFAULT_STAGE, "local", "e2e"})
# Options that only make sense together.
TOGETHER = (
    ("domain_name", "certificate_arn"),
    ("table_name", "table_stream"),
    ("vpc_id", "subnet_ids", "security_group_ids"),
)
# Options that need another one.
NEEDS = (
    ("disable_default_endpoint", "domain_name"),
    ("vpc_route_table_ids", "vpc_id"),
    ("scanner_security_group_ids", "vpc_id"),
)
_PARSER = "parser"

# The built-in promotion schemes.
SCHEMES = ("default", "simple", "standard", "regulated")


# Any, so that a field's declared type is what dataclasses and type checkers see.
def _option(default: object, parser: Parser[object]) -> Any:
    return field(default=default, metadata={_PARSER: parser})


@dataclass(frozen=True, slots=True)
class StackOptions:
    """The checked options. The names of the fields are the context keys; docs/operations.md says what each means."""

    stage: str = _option(DEFAULT_STAGE, matching(r"[a-z][a-z0-9-]{0,31}", "a short lower-case name"))
    removal_policy: str = _option("retain", one_of("retain", "destroy"))
    log_retention_days: int = _option(30, whole_of(LOG_RETENTION_DAYS))
    # The address at which clients reach the API.
    domain_name: str | None = _option(None, matching(r"[a-z0-9.-]+", "a domain name such as models.example.org"))
    certificate_arn: str | None = _option(None, arn("acm"))
    # The characters that a stage variable may hold: https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html
    public_url: str | None = _option(
        None, matching(r"https://[A-Za-z0-9\-._~:/]+[A-Za-z0-9]", "an https:// URL without a slash at the end")
    )
    disable_default_endpoint: bool = _option(False, truth)
    web_acl_arn: str | None = _option(None, arn("wafv2"))
    throttle_rate: int = _option(200, whole(1, 10_000))
    throttle_burst: int = _option(400, whole(1, 5_000))
    trusted_accounts: tuple[str, ...] = _option((), several(r"\d{12}", "account ids of twelve digits"))
    default_scheme: str = _option("default", one_of(*SCHEMES))
    unsealed_aliases: str = _option("refuse", one_of("refuse", "serve"))
    scanning: str = _option("on", one_of("on", "off"))
    second_opinion: str = _option(NO_SECOND_OPINION, one_of(NO_SECOND_OPINION, PICKLESCAN))
    freeze_tampered: bool = _option(False, truth)
    # How much is kept, and how long.
    upload_window_hours: int = _option(24, whole(1, 168))
    deleted_retention_days: int = _option(30, whole(0, 3650))
    limits: str = _option("", limits)
    archive_days: int = _option(365, whole(0, 3650))
    intelligent_tiering: bool = _option(False, truth)
    table_name: str | None = _option(None, matching(r"[A-Za-z0-9_.-]{3,255}", "the name of a restored table"))
    table_stream: str | None = _option(
        None, matching(r"\d{4}-\d\d-\d\dT[\d:.]+Z?", "the label of the table's stream, as make restored prints it")
    )
    bucket_name: str | None = _option(None, matching(r"[a-z0-9.-]{3,63}", "the name of a versioned bucket"))
    # What the functions may reach, and how they run.
    outbound_allow: tuple[str, ...] = _option((), networks)
    vpc_id: str | None = _option(None, matching(r"vpc-[0-9a-f]+", "the id of a VPC"))
    subnet_ids: tuple[str, ...] = _option((), several(r"subnet-[0-9a-f]+", "ids of subnets"))
    security_group_ids: tuple[str, ...] = _option((), several(r"sg-[0-9a-f]+", "ids of security groups"))
    vpc_route_table_ids: tuple[str, ...] = _option((), several(r"rtb-[0-9a-f]+", "ids of route tables"))
    scanner_security_group_ids: tuple[str, ...] = _option((), several(r"sg-[0-9a-f]+", "ids of security groups"))
    python: str = _option("3.11", one_of("3.11", "3.12", "3.13", "3.14"))
    architecture: str = _option("arm64", one_of("arm64", "x86_64"))
    sender_concurrency: int = _option(10, whole(0, 1_000))
    # What the deployer may touch. A name may end in *, which stands for any ending.
    deploy_sagemaker_endpoints: tuple[str, ...] = _option((), named(r"[A-Za-z0-9-]+", "names of endpoints"))
    deploy_lambda_functions: tuple[str, ...] = _option((), named(r"[A-Za-z0-9_-]+", "names of functions"))
    deploy_ecs_services: tuple[str, ...] = _option((), named(r"[A-Za-z0-9_-]+/[A-Za-z0-9_-]+", "cluster/service"))
    deploy_state_machines: tuple[str, ...] = _option((), named(r"[A-Za-z0-9_-]+", "names of state machines"))
    deploy_pipelines: tuple[str, ...] = _option((), named(r"[A-Za-z0-9.@_-]+", "names of pipelines"))
    deploy_ssm_parameters: tuple[str, ...] = _option((), named(r"/?[A-Za-z0-9_.-][A-Za-z0-9_./-]*", "parameters"))
    deploy_appconfig: tuple[str, ...] = _option((), several(r"[a-z0-9]{4,7}", "ids of applications of AppConfig"))
    deploy_passable_roles: tuple[str, ...] = _option(
        (), several(r"arn:aws[a-z-]*:iam::\d{12}:role/[A-Za-z0-9+=,.@_/-]+", "ARNs of roles")
    )
    # What is watched.
    alarm_topic_arn: str | None = _option(None, arn("sns"))
    account_api_logging: bool = _option(True, truth)
    method_metrics: bool = _option(False, truth)
    dashboard: bool = _option(False, truth)
    anchor_hours: int = _option(24, whole(1, 168))
    anchor_mode: str = _option("governance", one_of("governance", "compliance"))
    anchor_years: int = _option(7, whole(1, 100))
    anchor_signing: bool = _option(False, truth)
    model_signing: str = _option("none", one_of("none", "kms", "key"))
    # What the account's rules demand.
    tags: tuple[tuple[str, str], ...] = _option((), pairs)
    permissions_boundary: str | None = _option(None, arn("iam"))
    kms_key_arn: str | None = _option(None, arn("kms"))

    @property
    def keeps_data(self) -> bool:
        """Whether the table and the buckets outlive the stack; the table then refuses deletion too."""
        return self.removal_policy == "retain"

    @property
    def stack_name(self) -> str:
        return f"Moorage-{self.stage}"

    @classmethod
    def from_context(cls, lookup: Callable[[str], object]) -> Self:
        """Read every option with ``lookup``. Raises InvalidOption for the first invalid one."""
        given = {
            option.name: option.metadata[_PARSER](option.name, value)
            for option in fields(cls)
            if (value := lookup(option.name)) not in (None, "")
        }
        if given.get("stage", DEFAULT_STAGE) in DISPOSABLE_STAGES:
            given.setdefault("removal_policy", "destroy")
        return cls(**given)

    @property
    def scans(self) -> bool:
        """Whether versions are scanned when they become READY."""
        return self.scanning == "on"

    @property
    def asks_twice(self) -> bool:
        """Whether a second scanner is asked for its opinion on versions."""
        return self.second_opinion != NO_SECOND_OPINION

    @property
    def signs_models(self) -> bool:
        """Whether the registry signs versions."""
        return self.model_signing != "none"

    @property
    def deploys(self) -> bool:
        """Whether the deployer may touch anything on a platform."""
        return any(getattr(self, one.name) for one in fields(self) if one.name.startswith("deploy_"))

    def __post_init__(self) -> None:
        for together in TOGETHER:
            values = [getattr(self, name) for name in together]
            if any(values) and not all(values):
                raise InvalidOption(together[0], values[0], f"{' and '.join(together)} together, or none of them")
        for name, needed in NEEDS:
            if getattr(self, name) and not getattr(self, needed):
                raise InvalidOption(name, getattr(self, name), f"{needed} too, which it needs")
        if self.asks_twice and not self.scans:
            raise InvalidOption("second_opinion", self.second_opinion, "scanning=on too, which it needs")
        for name in self.deploy_lambda_functions:
            # CloudFormation names the stack's functions like the stack.
            if name.startswith(self.stack_name) or (name.endswith("*") and self.stack_name.startswith(name[:-1])):
                raise InvalidOption("deploy_lambda_functions", name, "functions that are not the registry's own")
        if self.deploy_passable_roles and not (self.deploy_sagemaker_endpoints or self.deploy_ecs_services):
            raise InvalidOption(
                "deploy_passable_roles",
                ", ".join(self.deploy_passable_roles),
                "deploy_sagemaker_endpoints or deploy_ecs_services too, to which the roles are passed",
            )
