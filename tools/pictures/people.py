"""The people in the pictures. Each has a token of their own, because who registers a version cannot approve it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from moorage import Client, Grant

MODELS: Final = ("fraud", "credit-limit", "churn")
# Nobody's page shows another model, except that of the administrator.
ROLES: Final = {
    "ada": ("contributor", MODELS),
    "grace": ("reviewer", MODELS),
    "alan": ("reviewer", MODELS),
    "mira": ("maintainer", MODELS),
    "odile": ("auditor", MODELS),
    "hugo": ("admin", ("*",)),
}


@dataclass(frozen=True)
class People:
    """The clients of those who act, and everybody's token for signing in to the web interface."""

    admin: Client
    ada: Client
    grace: Client
    alan: Client
    mira: Client
    tokens: dict[str, str]


@contextmanager
def introduced(admin: Client) -> Iterator[People]:
    """Give everybody a token, and revoke it at the end."""
    with ExitStack() as opened:

        def given(name: str) -> str:
            role, models = ROLES[name]
            grants = [Grant(role, model) for model in models]
            token = admin.tokens.create(name, grants, expires_in_days=1, person=name)
            opened.callback(admin.tokens.revoke, token.id)
            return token.token or ""

        tokens = {name: given(name) for name in ROLES}
        ada, grace, alan, mira = (
            opened.enter_context(Client(admin.url, tokens[name])) for name in ("ada", "grace", "alan", "mira")
        )
        yield People(admin, ada, grace, alan, mira, tokens)
