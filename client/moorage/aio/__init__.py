"""The asynchronous client: the calls of ``Client``, awaited.

The code of the calls exists once. It runs in a greenlet that is suspended while it waits for an answer, as in
SQLAlchemy's asyncio extension.
"""

from moorage.aio.client import AsyncClient
from moorage.aio.listing import AsyncListing

__all__ = ["AsyncClient", "AsyncListing"]
