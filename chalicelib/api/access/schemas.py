"""Schemas of roles, grants, trust, and who may do what."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.api.document import Body, ClassificationWord, Paging, Time, View
from chalicelib.domain.access.principal import MAX_GRANTS, MAX_PATTERN, Action, Grant, classification_words
from chalicelib.domain.access.roles import MAX_DESCRIPTION
from chalicelib.domain.access.sign_in import MAX_CLIENT_ID, MAX_CLIENT_SECRET, MAX_LABEL, SignIn
from chalicelib.domain.access.subjects import MAX_SUBJECT
from chalicelib.domain.access.trust import (
    ALGORITHMS,
    MAX_ARNS,
    MAX_AUDIENCE,
    MAX_CONDITIONS,
    MAX_URL,
    MAX_VALUE,
    MAX_VALUES,
    Iam,
    Oidc,
    Terms,
)
from chalicelib.domain.classification import WORDS

RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_\-]{0,63}$")]
GroupName = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
Values = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_VALUE)]],
    Field(min_length=1, max_length=MAX_VALUES),
]


class GrantBody(Body):
    """A role, built-in or custom, on the models whose names match ``models``, where ``*`` matches any characters.

    With ``classifications``, it holds only for models whose classification has no other words than these. A model that
    is classified as personal needs ``personal_data`` among them besides its level.
    """

    role: RoleName
    models: str = Field(min_length=1, max_length=MAX_PATTERN)
    classifications: list[ClassificationWord] | None = Field(None, min_length=1, max_length=len(WORDS))


GrantBodies = Annotated[list[GrantBody], Field(min_length=1, max_length=MAX_GRANTS)]


def granted(bodies: list[GrantBody]) -> list[Grant]:
    return [Grant(body.role, body.models, classification_words(body.classifications or ())) for body in bodies]


class GrantView(View):
    """A grant. Without ``classifications``, it holds for models of every classification."""

    # Text, not the enumeration: answers are JSON and are checked strictly.
    role: str
    models: str
    classifications: list[ClassificationWord] | None = None


class SetRole(Body):
    actions: list[Action] = Field(min_length=1, max_length=len(Action))
    description: str = Field("", max_length=MAX_DESCRIPTION)


class RoleView(View):
    """A role. A built-in one has no times and cannot be changed."""

    name: str
    built_in: bool
    actions: list[str]
    description: str
    created_at: Time | None
    created_by: str | None
    updated_at: Time | None


class SetGrants(Body):
    """All grants of one principal or group. They replace its present grants."""

    subject: str = Field(
        min_length=1, max_length=MAX_SUBJECT, examples=["group:risk", "token:ci", "oidc:github:repo:acme/fraud"]
    )
    grants: GrantBodies


class GrantsQuery(Paging):
    subject: str | None = Field(
        None, min_length=1, max_length=MAX_SUBJECT, description="Only the grants of this principal or group."
    )


class SubjectGrantsView(View):
    id: str
    subject: str
    grants: list[GrantView]
    created_at: Time
    created_by: str
    updated_at: Time


class SignInBody(Body):
    """How people sign in to the web interface. The registry keeps the client's secret encrypted and never shows it.

    Without ``client_secret``, the same client of the same issuer keeps the secret that it has. An empty text removes
    it.
    """

    label: str = Field(min_length=1, max_length=MAX_LABEL, examples=["Sign in with Okta"])
    client_id: str = Field(min_length=1, max_length=MAX_CLIENT_ID)
    client_secret: str | None = Field(None, max_length=MAX_CLIENT_SECRET)


class SignInView(View):
    label: str
    client_id: str
    has_secret: bool


class SetTrust(Body):
    """Whom to trust. ``kind`` oidc takes all fields but ``arns``; ``kind`` iam takes only ``arns`` and ``grants``."""

    kind: Literal["oidc", "iam"]
    issuer: str | None = Field(
        None, min_length=1, max_length=MAX_URL, examples=["https://token.actions.githubusercontent.com"]
    )
    audience: str | None = Field(None, min_length=1, max_length=MAX_AUDIENCE)
    algorithms: list[Algorithm] | None = Field(None, min_length=1, max_length=len(ALGORITHMS))
    conditions: dict[str, Values] | None = Field(
        None,
        min_length=1,
        max_length=MAX_CONDITIONS,
        description="Claims with their allowed values, where * matches any characters. All must hold.",
        examples=[{"sub": ["repo:acme/fraud:ref:refs/heads/main"]}],
    )
    groups_claim: str | None = Field(None, min_length=1, max_length=128)
    sign_in: SignInBody | None = Field(None, description="Let people sign in to the web interface by this trust.")
    arns: list[str] | None = Field(None, min_length=1, max_length=MAX_ARNS)
    grants: GrantBodies

    @model_validator(mode="after")
    def _of_one_kind(self) -> "SetTrust":
        oidc = {"issuer": self.issuer, "audience": self.audience, "conditions": self.conditions}
        more = [self.algorithms, self.groups_claim, self.sign_in]
        foreign = [*more, *oidc.values()] if self.kind == "iam" else [self.arns]
        if any(value is not None for value in foreign):
            raise ValueError("kind iam takes arns and grants only, kind oidc everything but arns")
        wanted = {"arns": self.arns} if self.kind == "iam" else oidc
        missing = [name for name, value in wanted.items() if value is None]
        if missing:
            raise ValueError(f"kind {self.kind} needs {', '.join(missing)}")
        return self

    def terms(self) -> Terms:
        """Raises InvalidInputError."""
        if self.kind == "iam":
            return Iam(tuple(self.arns or ()))
        return Oidc(
            issuer=self.issuer or "",
            audience=self.audience or "",
            # By default, the two algorithms that OIDC providers sign with.
            algorithms=tuple(dict.fromkeys(self.algorithms or ("RS256", "ES256"))),
            conditions={claim: tuple(values) for claim, values in (self.conditions or {}).items()},
            groups_claim=self.groups_claim,
            sign_in=None if self.sign_in is None else SignIn(self.sign_in.label, self.sign_in.client_id),
        )

    @property
    def client_secret(self) -> str | None:
        return None if self.sign_in is None else self.sign_in.client_secret


class TrustView(View):
    """A trust. Its fields depend on ``kind``."""

    name: str
    kind: Literal["oidc", "iam"]
    issuer: str | None = None
    audience: str | None = None
    algorithms: list[str] | None = None
    conditions: dict[str, list[str]] | None = None
    groups_claim: str | None = None
    sign_in: SignInView | None = None
    arns: list[str] | None = None
    grants: list[GrantView]
    created_at: Time
    created_by: str
    updated_at: Time


class WhoMay(Paging):
    action: Action
    model: str = Field(
        min_length=1,
        max_length=256,
        description="A model's name, or * for the registry as a whole.",
        examples=["fraud"],
    )


class AccessPathView(GrantView):
    """One grant that allows the action, and the record that holds the grant."""

    source: Literal["bootstrap", "token", "grant", "trust"]
    id: str
    principal: str
    groups: list[str]
    expires_at: Time | None
