"""The check that AWS makes of a signed request, written from its documentation and without botocore.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote


def holds(secret: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the signature is valid for this request. ``target`` is the path and query of the request line."""
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=[^/]+/(\d{8})/([^/]+)/([^/]+)/aws4_request, SignedHeaders=(\S+), Signature=(\w+)",
        headers["authorization"],
    )
    assert found is not None, headers["authorization"]
    day, region, service, signed, signature = found.groups()
    path, _, query = target.partition("?")
    canonical = "\n".join(
        (
            method,
            # The API sees the decoded path. The signature covers the path encoded twice, as for every service but S3.
            "/".join(quote(_encoded(unquote(segment)), safe="-_.~") for segment in path.split("/")),
            "&".join("=".join(pair) for pair in sorted(_pairs(query))),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed.split(";")),
            "",
            signed,
            hashlib.sha256(body).hexdigest(),
        )
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(("AWS4-HMAC-SHA256", headers["x-amz-date"], scope, digest))
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), signature)


def signed_headers(headers: Mapping[str, str]) -> list[str]:
    return headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")


def _pairs(query: str) -> list[tuple[str, str]]:
    # For API Gateway's signature, a plus sign in a query is a plus sign and not a space.
    literal = query.replace("+", "%2B")
    return [(_encoded(name), _encoded(value)) for name, value in parse_qsl(literal, keep_blank_values=True)]


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
