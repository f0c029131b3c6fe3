"""Writes of models."""

from typing import Final

from chalicelib.domain.classification import Classification, Level
from chalicelib.domain.ledger import event_types
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.registry.models import models, tags
from tests.registry.arranged import RULE, a_model, nothing
from tests.registry.build import request
from tests.registry.writes.write import Write

WRITES: Final = {
    "create a model": Write(
        event_types.MODEL_CREATED,
        nothing,
        lambda s, r, m, _: models.create_model(s, r, m, ProfileChange(description="d")),
    ),
    "update a model": Write(
        event_types.MODEL_UPDATED,
        a_model,
        lambda s, r, m, _: models.update_model(s, r, m, ProfileChange(owner="ada")),
    ),
    "delete a model": Write(event_types.MODEL_DELETED, a_model, lambda s, r, m, _: models.delete_model(s, r, m)),
    "set a rule": Write(event_types.MODEL_RULE_SET, a_model, lambda s, r, m, _: models.set_rule(s, r, m, RULE)),
    "clear a rule": Write(
        event_types.MODEL_RULE_CLEARED,
        lambda s, m: models.set_rule(s, request(), a_model(s, m), RULE),
        lambda s, r, m, _: models.clear_rule(s, r, m),
    ),
    "classify a model": Write(
        event_types.MODEL_CLASSIFIED,
        a_model,
        lambda s, r, m, _: models.classify_model(s, r, m, Classification(Level.CONFIDENTIAL, True), "customers"),
    ),
    "set a model's tag": Write(
        event_types.MODEL_UPDATED, a_model, lambda s, r, m, _: tags.set_model_tag(s, r, m, "team", "risk")
    ),
    "delete a model's tag": Write(
        event_types.MODEL_UPDATED,
        lambda s, m: tags.set_model_tag(s, request(), a_model(s, m), "team", "risk"),
        lambda s, r, m, _: tags.delete_model_tag(s, r, m, "team"),
    ),
}
