"""Made-up AWS credentials, so that no measurement reaches an account."""

import os
from typing import Final

_MADE_UP: Final = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


def leave_accounts_alone() -> None:
    """Set the credentials for this process and for the processes that it starts."""
    os.environ |= _MADE_UP
