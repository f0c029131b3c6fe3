"""The formats of webhooks, registered by their capabilities."""

from typing import Final

from chalicelib.domain.mlflow.webhook_format import MLFLOW_FORMAT
from chalicelib.domain.webhooks.formats import Formats
from chalicelib.domain.webhooks.standard import STANDARD_FORMAT

FORMATS: Final = Formats((STANDARD_FORMAT, MLFLOW_FORMAT))
