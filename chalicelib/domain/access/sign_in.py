"""How people sign in to the web interface at an OIDC issuer that a trust names."""

from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.ledger.record import DIGESTED

MAX_LABEL: Final = 64
MAX_CLIENT_ID: Final = 256
MAX_CLIENT_SECRET: Final = 1_000


@dataclass(frozen=True, slots=True)
class SignIn:
    """``label`` is on the button. ``client_id`` is what the issuer knows the registry by, and the audience of its ID
    tokens. ``sealed_secret`` is the client's secret, encrypted; empty if the issuer asks for none.

    Raises InvalidInputError.
    """

    label: str
    client_id: str
    sealed_secret: str = field(default="", metadata=DIGESTED)

    def __post_init__(self) -> None:
        _check("/sign_in/label", self.label, MAX_LABEL)
        _check("/sign_in/client_id", self.client_id, MAX_CLIENT_ID)


def client_secret(text: str) -> str:
    """A client's secret; empty for none. Raises InvalidInputError, whose text does not show the secret."""
    if len(text) > MAX_CLIENT_SECRET:
        raise _invalid("/sign_in/client_secret", f"must have at most {MAX_CLIENT_SECRET} characters")
    return text


def _check(where: str, text: str, longest: int) -> None:
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise _invalid(where, f"must have 1 to {longest} printable characters")


def _invalid(where: str, what: str) -> InvalidInputError:
    return InvalidInputError(f"{where} {what}.", [Problem(where, what)])
