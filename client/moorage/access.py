"""Roles, grants and trusts: who may do what, and which outside identities the registry accepts."""

from collections.abc import Mapping, Sequence
from typing import Any

from moorage.connection import Connection
from moorage.decoding import decode, encode
from moorage.listing import Listing, WholeList
from moorage.paths import segment
from moorage.principals import AccessPath, Grant, Role, SignIn, SubjectGrants, Trust


class Roles:
    """Sets of actions that a grant can name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> WholeList[Role]:
        """The built-in roles, then the custom ones."""
        return self._connection.whole(Role, "roles")

    def get(self, role: str) -> Role:
        return self._connection.get(Role, f"roles/{segment(role)}")

    def set(self, role: str, actions: Sequence[str], *, description: str = "", if_match: str | None = None) -> Role:
        """Create a custom role, or change it for every grant that names it."""
        body = {"actions": [*actions], "description": description}
        return decode(Role, self._connection.write("PUT", f"roles/{segment(role)}", body, if_match=if_match))

    def delete(self, role: str) -> None:
        self._connection.write("DELETE", f"roles/{segment(role)}")


class Grants:
    """Roles given to principals and groups."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[SubjectGrants]:
        return self._connection.items(SubjectGrants, "grants", limit)

    def of(self, subject: str) -> SubjectGrants | None:
        """The grants recorded for a principal or group, None if there are none."""
        return next(self._connection.items(SubjectGrants, "grants", 1, subject=subject), None)

    def set(self, subject: str, grants: Sequence[Grant], *, if_match: str | None = None) -> SubjectGrants:
        """Replace the grants of a principal or group."""
        body = {"subject": subject, "grants": encode(grants)}
        return decode(SubjectGrants, self._connection.write("PUT", "grants", body, if_match=if_match))

    def delete(self, grant: str) -> None:
        """Remove all grants of a principal or group. ``grant`` is the id of their record."""
        self._connection.write("DELETE", f"grants/{segment(grant)}")


class Trusts:
    """OIDC issuers and AWS principals whose identities the registry accepts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[Trust]:
        return self._connection.items(Trust, "trust", limit)

    def get(self, name: str) -> Trust:
        return self._connection.get(Trust, f"trust/{segment(name)}")

    def set_oidc(
        self,
        name: str,
        issuer: str,
        audience: str,
        conditions: Mapping[str, Sequence[str]],
        grants: Sequence[Grant],
        *,
        algorithms: Sequence[str] | None = None,
        groups_claim: str | None = None,
        sign_in: SignIn | None = None,
        client_secret: str | None = None,
    ) -> Trust:
        """Trust an OIDC issuer's tokens for one audience.

        A token is accepted when every claim in ``conditions`` has one of the values listed for it. With ``sign_in``,
        people can sign in to the web interface by this trust. Without ``client_secret``, the same client of the same
        issuer keeps the secret that it has; an empty text removes it.
        """
        body: dict[str, Any] = {
            "issuer": issuer,
            "audience": audience,
            "conditions": {claim: [*values] for claim, values in conditions.items()},
        }
        if algorithms is not None:
            body["algorithms"] = [*algorithms]
        if groups_claim is not None:
            body["groups_claim"] = groups_claim
        if sign_in is not None:
            body["sign_in"] = {"label": sign_in.label, "client_id": sign_in.client_id}
            if client_secret is not None:
                body["sign_in"]["client_secret"] = client_secret
        return self._set(name, "oidc", body, grants)

    def set_iam(self, name: str, arns: Sequence[str], grants: Sequence[Grant]) -> Trust:
        """Trust AWS users and roles whose ARN matches one of the patterns."""
        return self._set(name, "iam", {"arns": [*arns]}, grants)

    def delete(self, name: str) -> None:
        self._connection.write("DELETE", f"trust/{segment(name)}")

    def _set(self, name: str, kind: str, terms: Mapping[str, Any], grants: Sequence[Grant]) -> Trust:
        body = {"kind": kind, **terms, "grants": encode(grants)}
        return decode(Trust, self._connection.write("PUT", f"trust/{segment(name)}", body))


class Access:
    """Who may do what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def who_may(self, action: str, model: str = "*") -> Listing[AccessPath]:
        """List every grant that allows ``action`` on ``model``. ``*`` means the registry as a whole."""
        return self._connection.items(AccessPath, "access", action=action, model=model)
