"""Authenticate a caller by any bearer credential. What only sessions need is imported when an access token comes."""

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.access.token import bearer
from chalicelib.registry.access.authentication import principal_of


def authenticate(services: Services, authorization: str) -> Principal:
    """The principal of an ``Authorization`` header: of an access token, a registry token or a JWT.

    Raises CredentialsRefusedError, whose text does not tell the caller what was wrong.
    """
    credential = bearer(authorization)
    if credential.startswith("moos_"):
        from chalicelib.registry.sessions.holding import principal_of_access_token

        return principal_of_access_token(services, credential)
    return principal_of(services, credential)
