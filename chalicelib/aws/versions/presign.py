"""Presigned S3 URLs: AWS Signature Version 4 in the query string.

"Authenticating Requests: Using Query Parameters (AWS Signature Version 4)",
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html

botocore prepares a whole request for every URL, which takes ten times as long as the signature, and a manifest has many
URLs. tests/aws/versions/test_presign.py checks that both produce the same bytes.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Credentials(Protocol):
    """An access key. ``token`` is its session token, None for a key without a session."""

    @property
    def access_key(self) -> str: ...

    @property
    def secret_key(self) -> str: ...

    @property
    def token(self) -> str | None: ...


class Presigner:
    """Signs requests for the objects of one bucket.

    ``address`` is the URL before the key, including the slash before it; it names the bucket by host or by path.
    ``credentials`` is called for each URL, because a role's credentials change.
    """

    def __init__(self, address: str, region: str, credentials: Callable[[], Credentials]) -> None:
        parts = urlsplit(address)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._path = parts.path
        # The Host header names a port only if it is not the scheme's own.
        standard = parts.port == _DEFAULT_PORTS[parts.scheme]
        self._host = parts.netloc.removesuffix(f":{parts.port}") if standard else parts.netloc
        self._region = region
        self._credentials = credentials
        self._key: tuple[str, str, bytes] = ("", "", b"")

    def url(
        self,
        method: str,
        key: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        *,
        lifetime: int,
        now: str,
    ) -> str:
        """The URL of ``key``, valid for ``lifetime`` seconds from ``now`` (such as ``20260131T235959Z``).

        The client must send exactly these ``headers``. Names are in lower case, and values have no leading, trailing or
        repeated spaces.
        """
        credentials = self._credentials()
        scope = f"{now[:8]}/{self._region}/s3/aws4_request"
        signed = sorted({**headers, "host": self._host}.items())
        names = ";".join(name for name, _ in signed)
        parameters = {
            **query,
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{credentials.access_key}/{scope}",
            "X-Amz-Date": now,
            "X-Amz-Expires": str(lifetime),
            "X-Amz-SignedHeaders": names,
        }
        if credentials.token is not None:
            parameters["X-Amz-Security-Token"] = credentials.token
        encoded = [(name, quote(value, safe="")) for name, value in parameters.items()]
        path = self._path + quote(key, safe="/")
        request = "\n".join(
            (
                method,
                path,
                _query_string(sorted(encoded)),
                *(f"{name}:{value}" for name, value in signed),
                "",
                names,
                "UNSIGNED-PAYLOAD",
            )
        )
        digest = hashlib.sha256(request.encode()).hexdigest()
        signature = _hmac(
            self._signing_key(credentials.secret_key, now[:8]), f"{_ALGORITHM}\n{now}\n{scope}\n{digest}"
        ).hex()
        return f"{self._origin}{path}?{_query_string(encoded)}&X-Amz-Signature={signature}"

    def _signing_key(self, secret: str, day: str) -> bytes:
        """The signing key of a day, computed once because every URL of that day uses it."""
        last_secret, last_day, key = self._key
        if (last_secret, last_day) != (secret, day):
            key = f"AWS4{secret}".encode()
            for part in (day, self._region, "s3", "aws4_request"):
                key = _hmac(key, part)
            self._key = (secret, day, key)
        return key


def _query_string(parameters: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in parameters)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
