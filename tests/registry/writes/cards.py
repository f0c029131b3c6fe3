"""Writes of model cards and comments."""

from typing import Final

from chalicelib.domain.cards.comment import Subject
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.ledger import event_types
from chalicelib.registry.cards import cards, comments
from tests.registry.arranged import a_comment, a_model, a_pending
from tests.registry.build import request
from tests.registry.writes.write import Write

WRITES: Final = {
    "write a card": Write(
        event_types.CARD_UPDATED,
        lambda s, m: cards.update_card(s, request(), a_model(s, m), CardChange({"factors": "Age."}, {})),
        lambda s, r, m, _: cards.update_card(s, r, m, CardChange({"metrics": "AUC."}, {"license": "mit"})),
    ),
    "comment on a version": Write(
        event_types.COMMENT_CREATED,
        a_pending,
        lambda s, r, m, _: comments.create_comment(s, r, m, Subject("version", 1), "Why?", None),
    ),
    "answer a comment": Write(
        event_types.COMMENT_CREATED,
        a_comment,
        lambda s, r, m, asked: comments.create_comment(s, r, m, Subject(), "Because.", asked),
    ),
    "edit a comment": Write(
        event_types.COMMENT_UPDATED,
        a_comment,
        lambda s, r, m, comment: comments.update_comment(s, r, m, comment, "Why not?"),
    ),
    "delete a comment": Write(
        event_types.COMMENT_DELETED,
        a_comment,
        comments.delete_comment,
    ),
}
