"""Model cards over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, revision_of
from chalicelib.api.cards.page import HEADERS, page
from chalicelib.api.cards.presenters import card_document, card_revision_document
from chalicelib.api.cards.schemas import CardQuery, CardRevisionView, CardView, SetCard, UpdateCard
from chalicelib.api.document import Html, PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.cards.decisions import CardChange

routes = Routes("cards")


@routes.get("/v1/models/{model}/card", Action.READ, answers={200: CardView})
def get_card(call: Call, model: str, query: CardQuery) -> Answer:
    """Show the model's card, or one of its revisions."""
    card = registry.cards.cards.get_card(call.services, model, query.revision)
    return Answer(card_document(model, card), revision=card.revision)


@routes.put("/v1/models/{model}/card", Action.ANNOTATE, answers={200: CardView})
def set_card(call: Call, model: str, body: SetCard) -> Answer:
    """Replace the model's whole card."""
    return _update(call, model, body.change())


@routes.patch("/v1/models/{model}/card", Action.ANNOTATE, answers={200: CardView})
def update_card(call: Call, model: str, body: UpdateCard) -> Answer:
    """Change single sections or fields of the model's card."""
    return _update(call, model, body.change())


@routes.get("/v1/models/{model}/card/revisions", Action.READ, answers={200: PageView[CardRevisionView]})
def list_card_revisions(call: Call, model: str, query: Paging) -> Answer:
    """List the revisions of the model's card, newest first."""
    revisions = registry.cards.cards.list_revisions(call.services, model, query.limit, call.start(query))
    return call.listing(revisions, card_revision_document)


@routes.get("/v1/models/{model}/card.html", Action.READ, answers={200: Html})
def show_card(call: Call, model: str, query: CardQuery) -> Answer:
    """Show the model's card as an HTML page."""
    text = page(registry.cards.cards.card_sheet(call.services, model, query.revision))
    return Answer(text=text, digest=sha256_hex(text), headers=dict(HEADERS))


def _update(call: Call, model: str, change: CardChange) -> Answer:
    updated = registry.cards.cards.update_card(call.services, call.change(), model, change)
    return changed(updated, lambda card: card_document(model, card), revision_of)
