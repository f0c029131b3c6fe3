"""An OIDC issuer on loopback with real keys, whose answers a test can change."""

import base64
import hashlib
import json
import secrets
import time
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.loopback import Quiet, running

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
AUDIENCE = "https://registry.example"
SUB = "repo:acme/fraud:ref:refs/heads/main"
# Made once: making RSA keys is slow, and which ones they are does not matter.
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


class Issuer(ThreadingHTTPServer):
    """``keys`` are the published keys; ``asked`` counts the requests for them.

    ``person`` are the claims of whoever signs in here, and ``clients`` the secrets of the clients that have one.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys: dict[str, Private] = {"first": RSA_KEY, "curve": EC_KEY}
        self.asked = 0
        self.down = False
        self.documents: dict[str, Any] = {}
        self.clients: dict[str, str] = {}
        self.person: dict[str, Any] = {"sub": "ada"}
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def token(self, key_id: str = "first", algorithm: str = "RS256", *, key: Any = None, **claims: Any) -> str:
        """A signed token; a claim of None is left out."""
        now = int(time.time())
        payload = {"iss": self.url, "aud": AUDIENCE, "sub": SUB, "iat": now, "exp": now + 300, **claims}
        return jwt.encode(
            {name: value for name, value in payload.items() if value is not None},
            key or self.keys[key_id],
            algorithm=algorithm,
            headers={"kid": key_id},
        )

    def answer(self, path: str) -> dict[str, Any] | None:
        if path in self.documents:
            document: dict[str, Any] = self.documents[path]
            return document
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/jwks",
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "scopes_supported": ["openid", "email", "offline_access"],
            }
        if path == "/jwks":
            self.asked += 1
            return {"keys": [jwk(key, key_id) for key_id, key in self.keys.items()]}
        return None

    def authorize(self, query: dict[str, str]) -> str:
        """Let the person sign in at once. Returns where the browser goes back to."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.url})}"

    def exchange(self, form: dict[str, str], authorization: str | None) -> tuple[int, dict[str, Any]]:
        """An ID token for a code, which is good for one time and for whoever has the verifier."""
        client, secret = form.get("client_id"), form.get("client_secret", "")
        if authorization is not None:
            client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or asked["code_challenge"] != challenge.decode()
            or (asked["client_id"], asked["redirect_uri"]) != (client, form["redirect_uri"])
            or self.clients.get(asked["client_id"], "") != secret
        ):
            return 400, {"error": "invalid_grant"}
        claims = {"aud": client, "nonce": asked["nonce"], **self.person}
        return 200, {"token_type": "Bearer", "id_token": self.token(**claims)}


class _Handler(Quiet, BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.authorize(dict(parse_qsl(query))))
            self.end_headers()
            return
        document = None if self.server.down else self.server.answer(self.path)
        self.send_response(503 if document is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        status, document = self.server.exchange(form, self.headers.get("Authorization"))
        self.send_response(503 if self.server.down else status)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())


def issuing() -> AbstractContextManager[Issuer]:
    return running(Issuer())


def jwk(key: Private, key_id: str) -> dict[str, Any]:
    algorithm: Any = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    public: dict[str, Any] = algorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": key_id, "use": "sig"}


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    return f"{_part(header)}.{_part(claims)}.{signature}"


def _part(document: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()
