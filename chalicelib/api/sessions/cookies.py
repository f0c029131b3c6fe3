"""The cookies that signing in and out sets: for this host only, over TLS only, and out of reach of scripts."""

from chalicelib.api.browser import SESSION_COOKIE, SIGN_IN_COOKIE
from chalicelib.domain.sessions.session import LONGEST, SIGN_IN_WITHIN


def session(value: str) -> str:
    """Keep a session. The browser sends it with requests of our own pages only."""
    return _cookie(SESSION_COOKIE, value, int(LONGEST.total_seconds()), "Strict")


def no_session() -> str:
    return _cookie(SESSION_COOKIE, "", 0, "Strict")


def sign_in(value: str) -> str:
    """Keep what belongs to a sign-in that was begun. Lax, because the issuer's page sends the browser back."""
    return _cookie(SIGN_IN_COOKIE, value, int(SIGN_IN_WITHIN.total_seconds()), "Lax")


def no_sign_in() -> str:
    """What was kept for coming back is good for one time."""
    return _cookie(SIGN_IN_COOKIE, "", 0, "Lax")


def _cookie(name: str, value: str, max_age: int, same_site: str) -> str:
    return f"{name}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite={same_site}"
