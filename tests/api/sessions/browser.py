"""A browser at the interface's own page: it keeps cookies and sends what browsers send by themselves."""

from typing import Any

from tests.api.gateway import Caller, Function, Reply

JSON = {"Content-Type": "application/json"}
SAME_ORIGIN = {**JSON, "Sec-Fetch-Site": "same-origin"}
HOST = "registry.example"


class Browser:
    """``cookies`` are those that the registry set."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.set: list[str] = []
        self.base = "/api"

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        query: dict[str, Any] | None = None,
    ) -> Reply:
        """One request to ``/auth``."""
        sent = SAME_ORIGIN if headers is None else headers
        # A strict cookie does not come along when another site sends the browser here.
        strict = {"__Host-moorage"} if path.endswith("/callback") else set()
        held = {name: value for name, value in self.cookies.items() if name not in strict}
        if held:
            sent = {**sent, "Cookie": "; ".join(f"{name}={value}" for name, value in held.items())}
        function = Function(None, domainName=HOST, path=self.base + path, identity={"sourceIp": "203.0.113.9"})
        reply = function.request(method, path, body, headers=sent, query=query)
        self.set = reply.cookies
        for cookie in reply.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return reply

    def sign_in(self, token: str) -> Reply:
        return self.send("POST", "/auth/token", {"token": token})

    def access(self) -> Caller:
        """A caller with a fresh access token."""
        reply = self.send("POST", "/auth/session")
        assert reply.status == 200, reply.text
        return Caller(reply.document["access_token"])
