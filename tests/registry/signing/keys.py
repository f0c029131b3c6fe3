"""A registry's signing key."""

from typing import Final

from chalicelib.aws.signing.signing_key import PemKey
from tests.aws.signing.keys import FIXED_KEY, private_pem

KEY: Final = PemKey(lambda: private_pem(FIXED_KEY))
