"""Model cards over HTTP."""

from typing import Any

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed
from chalicelib.api.cards.page import HEADERS, page
from chalicelib.api.cards.schemas import CardQuery, CardRevisionView, CardView, SetCard, UpdateCard
from chalicelib.api.document import Html, PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.cards.card import Card
from chalicelib.domain.cards.decisions import CardChange

routes = Routes("cards")


@routes.get("/v1/models/{model}/card", Action.READ, answers={200: CardView})
def get_card(call: Call, model: str, query: CardQuery) -> Answer:
    """Show the model's card, or one of its revisions."""
    card = registry.cards.cards.get_card(call.services, model, query.revision)
    return Answer(_card(model, card), revision=card.revision)


@routes.put("/v1/models/{model}/card", Action.ANNOTATE, answers={200: CardView})
def set_card(call: Call, model: str, body: SetCard) -> Answer:
    """Write the model's card anew."""
    return _update(call, model, body.change())


@routes.patch("/v1/models/{model}/card", Action.ANNOTATE, answers={200: CardView})
def update_card(call: Call, model: str, body: UpdateCard) -> Answer:
    """Change single sections or fields of the model's card."""
    return _update(call, model, body.change())


@routes.get("/v1/models/{model}/card/revisions", Action.READ, answers={200: PageView[CardRevisionView]})
def list_card_revisions(call: Call, model: str, query: Paging) -> Answer:
    """List the revisions of the model's card, newest first."""
    found = registry.cards.cards.list_revisions(call.services, model, query.limit, call.start(query))
    return call.listing(found, _revision)


@routes.get("/v1/models/{model}/card.html", Action.READ, answers={200: Html})
def show_card(call: Call, model: str, query: CardQuery) -> Answer:
    """Show the model's card as an HTML page."""
    text = page(registry.cards.cards.card_sheet(call.services, model, query.revision))
    return Answer(text=text, digest=sha256_hex(text), headers=dict(HEADERS))


def _update(call: Call, model: str, change: CardChange) -> Answer:
    written = registry.cards.cards.update_card(call.services, call.change(), model, change)
    return changed(written, lambda card: _card(model, card), lambda card: card.revision)


def _card(model: str, card: Card) -> dict[str, Any]:
    return {
        "model": model,
        "revision": card.revision,
        "digest": card.digest,
        **card.document(),
        "updated_at": card.updated_at,
        "updated_by": card.updated_by,
    }


def _revision(card: Card) -> dict[str, Any]:
    return {
        "revision": card.revision,
        "digest": card.digest,
        "changed": list(card.changed),
        "updated_at": card.updated_at,
        "updated_by": card.updated_by,
    }
