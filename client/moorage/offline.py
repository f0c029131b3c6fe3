"""The connection of a client that is offline: it refuses every call."""

import httpx

from moorage.errors import OfflineError


class OfflineTransport(httpx.BaseTransport):
    """Refuses every request, so that nothing leaves this machine."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise OfflineError(
            f"the client is offline and does not call {request.url.host}: in offline mode only versions in the cache "
            "can be fetched, loaded and downloaded"
        )
