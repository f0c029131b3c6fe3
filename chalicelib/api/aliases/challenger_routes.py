"""The champion's challenger over HTTP."""

from chalicelib import registry
from chalicelib.api.aliases.challenger_schemas import ChallengerComparisonView, PromoteChallenger, RetireChallenger
from chalicelib.api.aliases.presenters import alias_document, challenger_document
from chalicelib.api.aliases.schemas import AliasView, SetAlias
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("challengers")


@routes.put("/v1/models/{model}/challenger", Action.TRANSITION, answers={200: AliasView})
def set_challenger(call: Call, model: str, body: SetAlias) -> Answer:
    """Make a READY version the challenger."""
    challenger = registry.aliases.challengers.set_challenger(
        call.services, call.change(), model, body.version, body.expected(), body.reason
    )
    return changed(challenger, alias_document, revision_of)


@routes.get("/v1/models/{model}/challenger", Action.READ, answers={200: ChallengerComparisonView})
def get_challenger(call: Call, model: str) -> Answer:
    """Show the challenger beside the champion."""
    return Answer(challenger_document(registry.aliases.challengers.get_contest(call.services, model)))


@routes.post("/v1/models/{model}/challenger/promote", Action.TRANSITION, answers={200: AliasView})
def promote_challenger(call: Call, model: str, body: PromoteChallenger) -> Answer:
    """Point the champion at the challenger's version and drop the challenger."""
    champion = registry.aliases.challengers.promote_challenger(
        call.services, call.change(), model, body.expected_version, body.reason
    )
    return changed(champion, alias_document, revision_of)


@routes.post("/v1/models/{model}/challenger/retire", Action.TRANSITION, answers={204: None})
def retire_challenger(call: Call, model: str, body: RetireChallenger) -> Answer:
    """Drop the challenger."""
    return gone(registry.aliases.challengers.retire_challenger(call.services, call.change(), model, body.reason))
