"""The functions' settings, read once from their environment when first needed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.aws import names
from chalicelib.domain.limits import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of the stack's resources, and its options. A function's environment has only those that it needs.

    ``second_opinion`` is the scanner whose second opinion is wanted, such as ``picklescan 1.0.5``; empty if none is.
    """

    table: str
    bucket: str
    bus: str
    delivery_queue_url: str
    step_queue_url: str
    admin_secret: str
    signing_secret: str
    outbound_allow: str
    upload_window: timedelta
    deleted_retention: timedelta
    default_scheme: str
    limits: Limits
    freeze_tampered: bool
    anchor_bucket: str
    anchor_key: str
    model_signing: str
    model_signing_key: str
    serve_unsealed: bool
    scanning: bool
    second_opinion: str

    @property
    def signs_models(self) -> bool:
        """Whether the registry signs versions."""
        return self.model_signing != names.SIGN_WITH_NOTHING

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        return cls(
            table=environment.get(names.TABLE_VARIABLE, ""),
            bucket=environment.get(names.BUCKET_VARIABLE, ""),
            bus=environment.get(names.BUS_VARIABLE, ""),
            delivery_queue_url=environment.get(names.DELIVERY_QUEUE_VARIABLE, ""),
            step_queue_url=environment.get(names.STEP_QUEUE_VARIABLE, ""),
            admin_secret=environment.get(names.ADMIN_SECRET_VARIABLE, ""),
            signing_secret=environment.get(names.SIGNING_SECRET_VARIABLE, ""),
            outbound_allow=environment.get(names.OUTBOUND_ALLOW_VARIABLE, ""),
            upload_window=timedelta(hours=float(environment.get(names.UPLOAD_WINDOW_VARIABLE, "24"))),
            deleted_retention=timedelta(days=float(environment.get(names.DELETED_RETENTION_VARIABLE, "30"))),
            default_scheme=environment.get(names.DEFAULT_SCHEME_VARIABLE, "default"),
            limits=Limits.parsed(environment.get(names.LIMITS_VARIABLE, "")),
            freeze_tampered=environment.get(names.FREEZE_TAMPERED_VARIABLE, "false") == "true",
            anchor_bucket=environment.get(names.ANCHOR_BUCKET_VARIABLE, ""),
            anchor_key=environment.get(names.ANCHOR_KEY_VARIABLE, ""),
            model_signing=environment.get(names.MODEL_SIGNING_VARIABLE, names.SIGN_WITH_NOTHING),
            model_signing_key=environment.get(names.MODEL_SIGNING_KEY_VARIABLE, ""),
            serve_unsealed=environment.get(names.UNSEALED_ALIASES_VARIABLE) == names.SERVE_UNSEALED,
            scanning=environment.get(names.SCANNING_VARIABLE) == names.SCANNING_ON,
            second_opinion=_wanted(environment.get(names.SECOND_OPINION_VARIABLE, names.NO_SECOND_OPINION)),
        )


def _wanted(scanner: str) -> str:
    return "" if scanner == names.NO_SECOND_OPINION else scanner
