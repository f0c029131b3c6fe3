"""The store of anchors: a bucket whose objects cannot be changed, and the key that signs anchors."""

import re
from typing import Any, Final, NamedTuple

from botocore.exceptions import ClientError

from chalicelib.aws.names import ANCHOR_PREFIX
from chalicelib.domain.audit.anchor import ALGORITHM

_KEY: Final = re.compile(re.escape(ANCHOR_PREFIX) + r"(\d{9})\.json")


class StoredAnchor(NamedTuple):
    number: int
    size: int


class AnchorStore:
    """Anchors, as objects ``anchors/<9 digits>.json``. Never overwrites or deletes, and has no permission to."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def list(self, limit: int, after: int = 0) -> tuple[list[StoredAnchor], bool]:
        """Up to ``limit`` anchors (at most 1,000) that follow number ``after``, and whether there are more."""
        answer = self._client.list_objects_v2(
            Bucket=self.name, Prefix=ANCHOR_PREFIX, StartAfter=_key(after), MaxKeys=limit
        )
        anchors = [
            StoredAnchor(int(match[1]), stored["Size"])
            for stored in answer.get("Contents", ())
            if (match := _KEY.fullmatch(stored["Key"]))
        ]
        return anchors, bool(answer["IsTruncated"])

    def last(self) -> int:
        """The number of the newest anchor, 0 if there is none."""
        number, more = 0, True
        while more:
            anchors, more = self.list(1_000, after=number)
            number = anchors[-1].number if anchors else number
        return number

    def read(self, number: int) -> bytes:
        """The bytes of an anchor that exists."""
        content: bytes = self._client.get_object(Bucket=self.name, Key=_key(number))["Body"].read()
        return content

    def exists(self, number: int) -> bool:
        try:
            self._client.head_object(Bucket=self.name, Key=_key(number))
        except ClientError as error:
            # The answer to HEAD has no body with a code, so botocore gives the status instead.
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return False
            raise
        return True

    def write(self, number: int, content: bytes) -> bool:
        """Store an anchor. Returns False, and changes nothing, if this number is taken."""
        try:
            # A bucket with Object Lock takes no object without a checksum.
            self._client.put_object(
                Bucket=self.name,
                Key=_key(number),
                Body=content,
                ContentType="application/json",
                ChecksumAlgorithm="SHA256",
                IfNoneMatch="*",
            )
        except ClientError as error:
            # 409 means that another conditional write of the key is under way. The caller looks again to see which won.
            if error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict"):
                return False
            raise
        return True

    def sign_get(self, number: int, lifetime: int) -> str:
        url: str = self._client.generate_presigned_url(
            "get_object", Params={"Bucket": self.name, "Key": _key(number)}, ExpiresIn=lifetime
        )
        return url


class AnchorKey:
    """An asymmetric key in KMS, which signs there and never leaves KMS."""

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self.key_id = key_id

    def sign(self, content: bytes) -> bytes:
        """The ECDSA signature, in DER, over the SHA-256 of ``content``, which has at most 4,096 bytes."""
        signature: bytes = self._client.sign(
            KeyId=self.key_id,
            Message=content,
            MessageType="RAW",
            SigningAlgorithm=ALGORITHM,
        )["Signature"]
        return signature


def _key(number: int) -> str:
    return f"{ANCHOR_PREFIX}{number:09d}.json"
