"""Body, headers and signature of a notice, byte for byte as MLflow's server would send them.

Follows mlflow/webhooks/delivery.py of MLflow 3.17.
"""

import base64
import hmac
import json
from typing import Final

from chalicelib.domain.instants import Instant, moment
from chalicelib.domain.mlflow.events import Notice

SIGNATURE_HEADER: Final = "X-MLflow-Signature"
DELIVERY_HEADER: Final = "X-MLflow-Delivery-Id"
TIMESTAMP_HEADER: Final = "X-MLflow-Timestamp"


def payload(notice: Notice, time: Instant) -> bytes:
    """The body of a delivery: the same bytes at every attempt. ``time`` is the time of the event."""
    document = {
        "entity": notice.entity,
        "action": notice.action,
        # Receivers before Python 3.11 cannot read a time that ends in Z.
        "timestamp": moment(time).isoformat(timespec="microseconds"),
        "data": notice.data,
    }
    return json.dumps(document).encode()


def headers(secret: str | None, delivery_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers by which a receiver verifies ``body``. As in MLflow, there is no signature without a secret.

    ``delivery_id`` is 32 hexadecimal digits and sent in the form of a UUID. ``timestamp`` is the time of the attempt in
    seconds.
    """
    shown = _as_uuid(delivery_id)
    plain = {DELIVERY_HEADER: shown, TIMESTAMP_HEADER: str(timestamp)}
    if not secret:
        return plain
    digest = hmac.digest(secret.encode(), f"{shown}.{timestamp}.".encode() + body, "sha256")
    return {**plain, SIGNATURE_HEADER: "v1," + base64.b64encode(digest).decode()}


def _as_uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
