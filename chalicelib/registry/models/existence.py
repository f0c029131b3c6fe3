"""Check that a model, or at least its ledger, exists. For reads that found nothing and must say why."""

from chalicelib.aws import keys
from chalicelib.aws.models import items as model_items
from chalicelib.aws.services import Services
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.decisions import existing


def check_ledger(services: Services, model: str) -> None:
    """Raise ModelNotFoundError if there never was a model of this name. A deleted model's ledger still exists."""
    if services.table.get(keys.head(model_ledger(model))) is None:
        raise ModelNotFoundError(f"There is no model {model!r}.")


def check_model(services: Services, model: str) -> None:
    """Raise ModelNotFoundError if there is no model of this name, or if it was deleted."""
    stored = services.table.get(keys.head(model_ledger(model)))
    existing(None if stored is None else model_items.model_from(stored), model)
