"""What a receiver of MLflow's webhooks checks, written from MLflow's documentation and with nothing of ours."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from typing import Any


def verified(secret: str, headers: Mapping[str, str], body: bytes, now: int | None = None) -> Any:
    """The body's document. Raises ValueError for a delivery that a receiver must refuse."""
    delivery_id = headers["X-MLflow-Delivery-Id"]
    timestamp = headers["X-MLflow-Timestamp"]
    uuid.UUID(delivery_id)
    if str(uuid.UUID(delivery_id)) != delivery_id:
        raise ValueError("the delivery's id is not written as a UUID")
    if now is not None and abs(now - int(timestamp)) > 300:
        raise ValueError("too old")
    version, _, given = headers["X-MLflow-Signature"].partition(",")
    if version != "v1":
        raise ValueError("an unknown version of signature")
    content = delivery_id + "." + timestamp + "." + body.decode("utf-8")
    wanted = hmac.new(secret.encode("utf-8"), content.encode("utf-8"), hashlib.sha256).digest()
    if not hmac.compare_digest(base64.b64decode(given), wanted):
        raise ValueError("the signature is of something else")
    return json.loads(body)
