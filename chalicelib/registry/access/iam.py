"""Resolve AWS principals, whose signature API Gateway has checked."""

from typing import Final

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.access.trust import Iam, admits, normal_arn
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.registry.access.effective import effective
from chalicelib.registry.access.trusts import known_trusts

_REFUSED: Final = (
    "The registry does not trust this AWS principal. An administrator can add a trust with PUT /v1/trust/<name>."
)


def iam_principal(services: Services, user_arn: str) -> Principal:
    """The principal ``iam:<arn>``, with the grants of every trust that admits it. Remembered for ``MEMORY_SECONDS``.

    Raises CredentialsRefusedError.
    """
    arn = normal_arn(user_arn)
    return services.remember(("iam", arn), lambda: _resolve(services, arn))


def _resolve(services: Services, arn: str) -> Principal:
    admitting = [trust for trust in known_trusts(services) if isinstance(trust.terms, Iam) and admits(trust.terms, arn)]
    if not admitting:
        raise CredentialsRefusedError(_REFUSED, "untrusted_arn", arn=arn)
    granted = [grant for trust in admitting for grant in trust.grants]
    principal, _ = effective(services, f"iam:{arn}", (), granted)
    return principal
