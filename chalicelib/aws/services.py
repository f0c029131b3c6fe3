"""The composition root: AWS clients and adapters, each made when first used and kept for the process."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from chalicelib.aws.settings import Settings
from chalicelib.domain.instants import Instant, instant

T = TypeVar("T")

if TYPE_CHECKING:
    from chalicelib.aws.audit.anchor_store import AnchorKey, AnchorStore
    from chalicelib.aws.deployments.step_queue import StepQueue
    from chalicelib.aws.ledger.bus import EventBus
    from chalicelib.aws.sealer import Sealer
    from chalicelib.aws.signing.signing_key import SigningKey
    from chalicelib.aws.table import Table
    from chalicelib.aws.versions.bucket import Bucket
    from chalicelib.aws.versions.copier import Copier
    from chalicelib.aws.versions.presign import Credentials
    from chalicelib.aws.vulnerabilities.index_store import IndexStore
    from chalicelib.aws.webhooks.delivery_queue import DeliveryQueue

# How long a process remembers who may do what (secrets, trusts, principals) before it reads it again. Together with the
# gateway's cache of the authorizer's answers, this is how long a revocation takes: under a minute everywhere.
MEMORY_SECONDS = 20.0
_MOST_REMEMBERED = 1_000
_READ_SECONDS = 5
# As AWS's logs show who made a call.
_USER_AGENT = "moorage"
_COPY_SECONDS = 600


class Services:
    """The adapters, clock and ids that the use cases need.

    Each adapter is imported when first used, so that a function pays only for what it uses.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._clients: dict[tuple[str, int], Any] = {}
        self._memory: dict[tuple[str, ...], tuple[float, Any]] = {}

    def client(self, service: str, read_timeout: int = _READ_SECONDS) -> Any:
        """The boto3 client of ``service``, made once."""
        if (service, read_timeout) not in self._clients:
            import boto3
            from botocore.config import Config

            config = Config(
                signature_version="s3v4" if service == "s3" else None,
                # Regional host names in presigned URLs: the global one may answer a new bucket with a redirect.
                s3={"addressing_style": "virtual"} if service == "s3" else None,
                retries={"mode": "standard", "total_max_attempts": 4},
                connect_timeout=1,
                read_timeout=read_timeout,
                max_pool_connections=32,
                # Else botocore puts one together for each request: a thirteenth of what a search costs.
                user_agent=_USER_AGENT,
                # DynamoDB checks them itself, and the tests check them here: another twelfth.
                parameter_validation=service != "dynamodb",
            )
            # boto3's overloads name each service; here the name is data.
            make_client: Callable[..., Any] = boto3.client
            self._clients[service, read_timeout] = make_client(service, config=config)
        return self._clients[service, read_timeout]

    @cached_property
    def table(self) -> Table:
        from chalicelib.aws.pauses import Pauses
        from chalicelib.aws.sealer import Sealer
        from chalicelib.aws.table import Table

        # Named late: a test may put another clock in place of this one.
        def pauses() -> Pauses:
            return Pauses(self.sleep, self.monotonic)

        return Table(self.client("dynamodb"), self.settings.table, Sealer(self.signing_key), pauses)

    @cached_property
    def session_sealer(self) -> Sealer:
        """Seals sessions and their access tokens."""
        from chalicelib.aws.sealer import SESSIONS, Sealer

        return Sealer(self.signing_key, SESSIONS)

    @cached_property
    def bucket(self) -> Bucket:
        import boto3
        from botocore.exceptions import NoCredentialsError

        from chalicelib.aws.versions.bucket import Bucket

        client = self.client("s3")
        # The credentials of boto3's default session, which makes every client. A role's credentials renew themselves.
        credentials = boto3.DEFAULT_SESSION.get_credentials() if boto3.DEFAULT_SESSION else None
        if credentials is None:
            raise NoCredentialsError
        # The stubs allow for credentials without a key; botocore never returns such.
        current = cast("Callable[[], Credentials]", credentials.get_frozen_credentials)
        return Bucket(client, self.settings.bucket, current)

    @cached_property
    def copier(self) -> Copier:
        from chalicelib.aws.versions.copier import Copier

        # S3 answers a request for a copy when the copy is complete, which takes long for a large object.
        make_slow_client = partial(self.client, "s3", _COPY_SECONDS)
        return Copier(self.client("s3"), make_slow_client, self.settings.bucket)

    @cached_property
    def advisories(self) -> IndexStore:
        from chalicelib.aws.vulnerabilities.index_store import IndexStore

        return IndexStore(self.client("s3"), self.settings.bucket)

    @cached_property
    def bus(self) -> EventBus:
        from chalicelib.aws.ledger.bus import EventBus

        return EventBus(self.client("events"), self.settings.bus)

    @cached_property
    def queue(self) -> DeliveryQueue:
        from chalicelib.aws.webhooks.delivery_queue import DeliveryQueue

        return DeliveryQueue(self.client("sqs"), self.settings.delivery_queue_url)

    @cached_property
    def steps(self) -> StepQueue:
        from chalicelib.aws.deployments.step_queue import StepQueue

        return StepQueue(self.client("sqs"), self.settings.step_queue_url)

    def remember(self, key: tuple[str, ...], make: Callable[[], T], seconds: float = MEMORY_SECONDS) -> T:
        """Return what ``make`` returned for ``key``; call it again when that is older than ``seconds``."""
        now = self.monotonic()
        entry = self._memory.get(key)
        if entry is None or now - entry[0] > seconds:
            if len(self._memory) >= _MOST_REMEMBERED:
                self._memory.clear()
            entry = (now, make())
            self._memory[key] = entry
        remembered: T = entry[1]
        return remembered

    def forget(self, key: tuple[str, ...]) -> None:
        """Make what is remembered for ``key`` again the next time."""
        self._memory.pop(key, None)

    @cached_property
    def anchors(self) -> AnchorStore:
        from chalicelib.aws.audit.anchor_store import AnchorStore

        return AnchorStore(self.client("s3"), self.settings.anchor_bucket)

    @cached_property
    def anchor_key(self) -> AnchorKey | None:
        """The key that signs anchors; None if the operator asked for no signatures."""
        from chalicelib.aws.audit.anchor_store import AnchorKey

        return AnchorKey(self.client("kms"), self.settings.anchor_key) if self.settings.anchor_key else None

    @cached_property
    def model_signing_key(self) -> SigningKey | None:
        """The key with which the registry signs versions; None if it does not sign."""
        if not self.settings.signs_models:
            return None
        from chalicelib.aws.names import SIGN_WITH_KMS
        from chalicelib.aws.signing.signing_key import KmsKey, PemKey

        arn = self.settings.model_signing_key
        if self.settings.model_signing == SIGN_WITH_KMS:
            return KmsKey(self.client("kms"), arn)
        return PemKey(lambda: self.secret(arn))

    def secret(self, arn: str) -> str:
        """The text of a secret, remembered for ``MEMORY_SECONDS``."""

        def read() -> str:
            text: str = self.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
            return text

        return self.remember(("secret", arn), read)

    def signing_key(self) -> bytes:
        """The secret that signs cursors, and from which webhook secrets and the seals of items are derived."""
        return self.secret(self.settings.signing_secret).encode()

    def clock(self) -> Instant:
        return instant(datetime.now(UTC))

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back, to tell how old a remembered value is."""
        return time.monotonic()

    def new_id(self) -> str:
        """A fresh id of 32 hexadecimal digits: first milliseconds, so that ids sort by time, then 80 random bits."""
        return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@lru_cache(maxsize=1)
def services() -> Services:
    """The process's services, from its environment."""
    return Services(Settings.from_environment())


def reset_services() -> None:
    """Forget the process's services, for a test that changes the environment."""
    services.cache_clear()
