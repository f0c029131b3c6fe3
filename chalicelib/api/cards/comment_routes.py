"""Comments over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.cards.comment_schemas import CommentView, CreateComment, ListComments, UpdateComment
from chalicelib.api.cards.presenters import comment_document
from chalicelib.api.document import PageView
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("comments")


@routes.post("/v1/models/{model}/comments", Action.COMMENT, answers={201: CommentView})
def create_comment(call: Call, model: str, body: CreateComment) -> Answer:
    """Comment on a model, a version or a transition request."""
    created = registry.cards.comments.create_comment(
        call.services, call.change(), model, body.subject(), body.text, body.reply_to
    )
    return changed(created, comment_document, revision_of, 201)


@routes.get("/v1/models/{model}/comments", Action.READ, answers={200: PageView[CommentView]})
def list_comments(call: Call, model: str, query: ListComments) -> Answer:
    """List the comments on the model itself, one version or one request, oldest first."""
    page = registry.cards.comments.list_comments(call.services, model, query.subject(), query.limit, call.start(query))
    return call.listing(page, comment_document)


@routes.get("/v1/models/{model}/comments/{comment}", Action.READ, answers={200: CommentView})
def get_comment(call: Call, model: str, comment: str) -> Answer:
    """Show a comment."""
    found = registry.cards.comments.get_comment(call.services, model, comment)
    return Answer(comment_document(found), revision=found.revision)


@routes.patch("/v1/models/{model}/comments/{comment}", Action.COMMENT, answers={200: CommentView})
def update_comment(call: Call, model: str, comment: str, body: UpdateComment) -> Answer:
    """Edit one's own comment."""
    edited = registry.cards.comments.update_comment(call.services, call.change(), model, comment, body.text)
    return changed(edited, comment_document, revision_of)


@routes.delete("/v1/models/{model}/comments/{comment}", Action.COMMENT, answers={204: None})
def delete_comment(call: Call, model: str, comment: str) -> Answer:
    """Delete one's own comment, or anybody's with the right to manage the model."""
    return gone(registry.cards.comments.delete_comment(call.services, call.change(), model, comment))
