"""The place of advisory indexes in the bucket: one object for each, under its SHA-256. None is ever overwritten."""

import hashlib
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.names import ADVISORIES_PREFIX


def index_key(ecosystem: str, sha256: str) -> str:
    return f"{ADVISORIES_PREFIX}{ecosystem}/{sha256}.json.gz"


class IndexStore:
    """Reads advisory indexes."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def read(self, ecosystem: str, sha256: str, size: int) -> bytes | None:
        """The bytes of an index, if there are ``size`` of them with this SHA-256. Else None."""
        try:
            answer = self._client.get_object(Bucket=self.name, Key=index_key(ecosystem, sha256))
        except ClientError as error:
            # S3 answers 403 for what is not there to callers that may not list.
            if error.response["Error"]["Code"] in ("NoSuchKey", "AccessDenied", "403", "404"):
                return None
            raise
        if answer["ContentLength"] != size:
            answer["Body"].close()
            return None
        content: bytes = answer["Body"].read()
        return content if hashlib.sha256(content).hexdigest() == sha256 else None
