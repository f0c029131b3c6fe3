"""Anchor the heads of all ledgers from time to time, where nobody can change them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws.audit.anchor_store import StoredAnchor
from chalicelib.aws.services import Services
from chalicelib.domain.audit.anchor import Previous, anchor_document, signed_part, with_signature
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import AnchorNotFoundError, ContentionError, InvalidNameError
from chalicelib.domain.instants import Instant, later
from chalicelib.registry.audit.ledgers import all_heads
from chalicelib.registry.page import Page

DOWNLOAD_WINDOW: Final = timedelta(hours=1)
_MAX_NUMBER: Final = 999_999_999
_DIGITS: Final = len(str(_MAX_NUMBER))
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Anchored:
    """The anchor of an occasion. ``written`` is False if an earlier attempt wrote it."""

    number: int
    count: int
    root: str
    written: bool


@dataclass(frozen=True, slots=True)
class AnchorLink:
    number: int
    url: str
    expires_at: Instant


def anchor_ledgers(services: Services, occasion: str) -> Anchored:
    """Write the next anchor, at most one for an ``occasion`` however often it is tried.

    An anchor is stored under its number, which only one writer can take, so anchors never fork. Raises ContentionError
    if other writers take the next number each time.
    """
    for _ in range(_ATTEMPTS):
        last = services.anchors.last()
        previous = None
        if last:
            content = services.anchors.read(last).decode()
            earlier = json.loads(content)
            if earlier["occasion"] == occasion:
                return Anchored(last, earlier["count"], earlier["root"], written=False)
            previous = Previous(last, sha256_hex(content))
        document = anchor_document(all_heads(services), previous, services.clock(), occasion)
        if services.anchor_key is not None:
            signature = services.anchor_key.sign(signed_part(document))
            document = with_signature(document, services.anchor_key.key_id, signature)
        if services.anchors.write(document["number"], canonical_json(document).encode()):
            return Anchored(document["number"], document["count"], document["root"], written=True)
    raise ContentionError("Other anchors were written first each time. Try again.")


def list_anchors(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[StoredAnchor]:
    """Anchors, oldest first."""
    anchors, more = services.anchors.list(limit, after=0 if start is None else int(start["number"]))
    return Page(tuple(anchors), {"number": anchors[-1].number} if more and anchors else None)


def anchor_link(services: Services, number: str) -> AnchorLink:
    """A URL from which an anchor can be downloaded for an hour. Raises InvalidNameError, AnchorNotFoundError."""
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS and int(number)):
        raise InvalidNameError(f"{number!r} is not the number of an anchor, which is from 1 to {_MAX_NUMBER}.")
    if not services.anchors.exists(int(number)):
        raise AnchorNotFoundError(f"There is no anchor {int(number)}.")
    url = services.anchors.sign_get(int(number), int(DOWNLOAD_WINDOW.total_seconds()))
    return AnchorLink(int(number), url, later(services.clock(), DOWNLOAD_WINDOW))
