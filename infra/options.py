"""The options of a stack, read from CDK context (``cdk deploy --context stage=prod``)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_network
from re import fullmatch
from typing import Self

# Retention periods that CloudWatch Logs accepts, in days.
LOG_RETENTION_DAYS = frozenset({1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653})
# In these stages, the data is deleted with the stack unless the operator sets removal_policy.
DISPOSABLE_STAGES = frozenset({"development", "local", "e2e"})


class InvalidOption(ValueError):
    """A context value is invalid. The message names the value and says what is accepted."""

    def __init__(self, name: str, value: object, accepted: str) -> None:
        super().__init__(f"CDK context {name}={value!r}: expected {accepted}")


@dataclass(frozen=True, slots=True)
class StackOptions:
    """The checked options. The names of the fields are the context keys."""

    stage: str = "development"
    removal_policy: str = "retain"
    log_retention_days: int = 30
    domain_name: str | None = None
    certificate_arn: str | None = None
    public_url: str | None = None
    upload_window_hours: int = 24
    deleted_retention_days: int = 30
    outbound_allow: tuple[str, ...] = ()
    archive_days: int = 365
    throttle_rate: int = 200
    throttle_burst: int = 400
    alarm_topic_arn: str | None = None
    account_api_logging: bool = True
    architecture: str = "x86_64"
    anchor_hours: int = 24
    anchor_mode: str = "governance"
    anchor_years: int = 7
    anchor_signing: bool = False
    freeze_tampered: bool = False

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
        given = {field.name: lookup(field.name) for field in fields(cls)}
        return cls._checked({name: value for name, value in given.items() if value not in (None, "")})

    @classmethod
    def _checked(cls, given: Mapping[str, object]) -> Self:
        stage = _matching(
            "stage", given.get("stage", "development"), r"[a-z][a-z0-9-]{0,31}", "a short lower-case name"
        )
        default_policy = "destroy" if stage in DISPOSABLE_STAGES else "retain"
        domain_name, certificate_arn = given.get("domain_name"), given.get("certificate_arn")
        if (domain_name is None) != (certificate_arn is None):
            raise InvalidOption("domain_name", domain_name, "domain_name and certificate_arn together, or neither")
        retention = _whole("log_retention_days", given.get("log_retention_days", 30), 1, 3653)
        if retention not in LOG_RETENTION_DAYS:
            raise InvalidOption("log_retention_days", retention, f"one of {sorted(LOG_RETENTION_DAYS)}")
        return cls(
            stage=stage,
            removal_policy=_matching(
                "removal_policy",
                given.get("removal_policy", default_policy),
                "retain|destroy",
                "retain or destroy",
            ),
            log_retention_days=retention,
            domain_name=None if domain_name is None else str(domain_name),
            certificate_arn=None if certificate_arn is None else _arn("certificate_arn", certificate_arn),
            public_url=_address("public_url", given["public_url"]) if "public_url" in given else None,
            upload_window_hours=_whole("upload_window_hours", given.get("upload_window_hours", 24), 1, 168),
            deleted_retention_days=_whole("deleted_retention_days", given.get("deleted_retention_days", 30), 0, 3650),
            outbound_allow=_networks("outbound_allow", given.get("outbound_allow", "")),
            archive_days=_whole("archive_days", given.get("archive_days", 365), 0, 3650),
            throttle_rate=_whole("throttle_rate", given.get("throttle_rate", 200), 1, 10_000),
            throttle_burst=_whole("throttle_burst", given.get("throttle_burst", 400), 1, 5_000),
            alarm_topic_arn=_arn("alarm_topic_arn", given["alarm_topic_arn"]) if "alarm_topic_arn" in given else None,
            account_api_logging=_truth("account_api_logging", given.get("account_api_logging", "true")),
            architecture=_matching(
                "architecture", given.get("architecture", "x86_64"), "x86_64|arm64", "x86_64 or arm64"
            ),
            anchor_hours=_whole("anchor_hours", given.get("anchor_hours", 24), 1, 168),
            anchor_mode=_matching(
                "anchor_mode",
                given.get("anchor_mode", "governance"),
                "governance|compliance",
                "governance or compliance",
            ),
            anchor_years=_whole("anchor_years", given.get("anchor_years", 7), 1, 100),
            anchor_signing=_truth("anchor_signing", given.get("anchor_signing", "false")),
            freeze_tampered=_truth("freeze_tampered", given.get("freeze_tampered", "false")),
        )


def _matching(name: str, value: object, pattern: str, accepted: str) -> str:
    if not isinstance(value, str) or not fullmatch(pattern, value):
        raise InvalidOption(name, value, accepted)
    return value


def _truth(name: str, value: object) -> bool:
    return _matching(name, str(value).lower(), "true|false", "true or false") == "true"


def _whole(name: str, value: object, lowest: int, highest: int) -> int:
    accepted = f"a whole number from {lowest} to {highest}"
    if not fullmatch(r"\d{1,9}", str(value)) or not lowest <= int(str(value)) <= highest:
        raise InvalidOption(name, value, accepted)
    return int(str(value))


def _arn(name: str, value: object) -> str:
    return _matching(name, value, r"arn:[a-z0-9-]+:\S+", "an ARN")


def _address(name: str, value: object) -> str:
    # The characters that a stage variable may hold: https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html
    return _matching(
        name, value, r"https://[A-Za-z0-9\-._~:/]+[A-Za-z0-9]", "an https:// URL without a slash at the end"
    )


def _networks(name: str, value: object) -> tuple[str, ...]:
    networks = tuple(part.strip() for part in str(value).split(",") if part.strip())
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise InvalidOption(name, network, "IP networks such as 10.0.0.0/8, separated by commas") from error
    return networks
