"""A registry's signing key."""

from typing import Final

from chalicelib.aws.signing.signing_key import PemKey
from tests.aws.signing.keys import new_key, private_pem

_PEM: Final = private_pem(new_key())
KEY: Final = PemKey(lambda: _PEM)
