"""The champion's challenger over HTTP."""

from chalicelib import registry
from chalicelib.api import present
from chalicelib.api.aliases.schemas import AliasView, SetAlias
from chalicelib.api.call import Answer, Call, changed, gone
from chalicelib.api.evidence.comparison_routes import comparison_document
from chalicelib.api.evidence.comparison_schemas import ChallengerComparisonView, PromoteChallenger, RetireChallenger
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("challengers")


@routes.put("/v1/models/{model}/challenger", Action.TRANSITION, answers={200: AliasView})
def set_challenger(call: Call, model: str, body: SetAlias) -> Answer:
    """Make a READY version the challenger."""
    made = registry.aliases.challengers.set_challenger(
        call.services, call.change(), model, body.version, body.expected(), body.reason
    )
    return changed(made, present.alias, present.alias_revision)


@routes.get("/v1/models/{model}/challenger", Action.READ, answers={200: ChallengerComparisonView})
def get_challenger(call: Call, model: str) -> Answer:
    """Show the challenger beside the champion."""
    found = registry.aliases.challengers.get_contest(call.services, model)
    made = None if found.comparison is None else comparison_document(model, found.comparison)
    return Answer({"model": model, "champion": found.champion, "challenger": found.challenger, "comparison": made})


@routes.post("/v1/models/{model}/challenger/promote", Action.TRANSITION, answers={200: AliasView})
def promote_challenger(call: Call, model: str, body: PromoteChallenger) -> Answer:
    """Point the champion at the challenger's version and drop the challenger."""
    made = registry.aliases.challengers.promote_challenger(
        call.services, call.change(), model, body.expected_version, body.reason
    )
    return changed(made, present.alias, present.alias_revision)


@routes.post("/v1/models/{model}/challenger/retire", Action.TRANSITION, answers={204: None})
def retire_challenger(call: Call, model: str, body: RetireChallenger) -> Answer:
    """Drop the challenger."""
    return gone(registry.aliases.challengers.retire_challenger(call.services, call.change(), model, body.reason))
