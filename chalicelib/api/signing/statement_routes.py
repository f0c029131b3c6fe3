"""Promotion statements over HTTP."""

import json
from typing import TYPE_CHECKING, Any

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.api.signing.statement_schemas import ListedStatementView, StatementView
from chalicelib.domain.access.principal import Action

if TYPE_CHECKING:
    from chalicelib.domain.signing.signed_statement import SignedStatement

routes = Routes("statements")
_LIST = "/v1/models/{model}/versions/{version}/statements"


@routes.get(_LIST, Action.READ, answers={200: PageView[ListedStatementView]})
def list_statements(call: Call, model: str, version: str, query: Paging) -> Answer:
    """List what the registry has stated of the version's moves, newest first."""
    page = registry.signing.statements.list_statements(call.services, model, version, query.limit, call.start(query))
    return call.listing(page, _summary)


@routes.get(f"{_LIST}/{{sequence}}", Action.READ, answers={200: StatementView})
def get_statement(call: Call, model: str, version: str, sequence: str) -> Answer:
    """Show a signed statement with its envelope."""
    found = registry.signing.statements.get_statement(call.services, model, version, sequence)
    document = {
        **_summary(found),
        "statement": json.loads(found.payload),
        "envelope": found.envelope.document(),
    }
    return Answer(document, revision=found.revision)


def _summary(statement: "SignedStatement") -> dict[str, Any]:
    return {
        **statement.summary(),
        "public_key": statement.public_key,
        "signed_at": statement.signed_at,
    }
