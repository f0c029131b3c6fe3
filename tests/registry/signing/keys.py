"""A registry's signing key, and moves that are stated with it."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws.services import Services
from chalicelib.aws.signing.signing_key import PemKey
from chalicelib.registry.signing import statements
from tests.aws.signing.keys import FIXED_KEY, private_pem

KEY: Final = PemKey(lambda: private_pem(FIXED_KEY))


def state(registry: Services, event: Mapping[str, Any]) -> str:
    """Have the registry sign what a move was, as its function does. Answers the outcome."""
    registry.model_signing_key = KEY
    return statements.sign_event(registry, event)
