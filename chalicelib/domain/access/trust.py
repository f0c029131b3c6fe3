"""Trust: grants for identities from outside, which are tokens of an OIDC issuer or AWS principals.

Nothing is trusted by default. An issuer is trusted for one audience and named algorithms, and only if every condition
on the claims holds. In a pattern ``*`` matches any run of characters.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self, TypeAlias, TypeGuard
from urllib.parse import urlsplit

from chalicelib.domain.access.principal import MAX_GRANTS, Grant, matches
from chalicelib.domain.access.sign_in import SignIn
from chalicelib.domain.access.subjects import MAX_GROUPS, group_name
from chalicelib.domain.errors import InvalidInputError, InvalidNameError, Problem
from chalicelib.domain.instants import Instant, moment
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

MAX_TRUSTS: Final = 100
MAX_URL: Final = 512
MAX_AUDIENCE: Final = 256
MAX_CONDITIONS: Final = 20
MAX_VALUES: Final = 50
MAX_CLAIM: Final = 128
MAX_VALUE: Final = 512
MAX_ARNS: Final = 20
MAX_SUB: Final = 255
LEEWAY_SECONDS: Final = 60
# Only algorithms whose signatures nobody but the issuer can make: none without signature, none with a shared secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
# Characters that a request can carry without encoding.
_PLAIN: Final = re.compile(r"[!-\[\]-~]+")
_NAME: Final = re.compile(r"[a-z][a-z0-9\-]{0,63}")
_CLAIM: Final = re.compile(r"[\w:./\-]{1,128}")
# The account must be written out: a pattern of accounts would trust strangers.
_ARN: Final = re.compile(r"arn:(aws|aws-cn|aws-us-gov):iam::([0-9]{12}):(user|role)/([\w+=,.@/*\-]{1,512})")
_ASSUMED: Final = re.compile(r"arn:(aws[\w\-]*):sts::([0-9]{12}):assumed-role/([\w+=,.@\-]{1,64})/([\w+=,.@\-]{1,128})")


@dataclass(frozen=True, slots=True)
class Oidc:
    """What a JWT must show. ``conditions`` maps a claim to patterns; one of them must match its value.

    ``groups_claim`` is the claim that lists the caller's groups, if any. With ``sign_in``, people can sign in to the
    web interface by this trust. Raises InvalidInputError for invalid terms.
    """

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    conditions: Mapping[str, tuple[str, ...]]
    groups_claim: str | None = None
    sign_in: SignIn | None = None

    def __post_init__(self) -> None:
        check_issuer(self.issuer)
        _check_length("/audience", self.audience, MAX_AUDIENCE)
        unknown = [name for name in self.algorithms if name not in ALGORITHMS]
        if unknown or not self.algorithms:
            raise _invalid("/algorithms", f"must be some of {', '.join(ALGORITHMS)}")
        if not 1 <= len(self.conditions) <= MAX_CONDITIONS:
            raise _invalid("/conditions", f"must hold 1 to {MAX_CONDITIONS} claims, such as sub")
        for claim, values in self.conditions.items():
            self._check_condition(claim, values)
        if all(set(value) == {"*"} for values in self.conditions.values() for value in values):
            raise _invalid("/conditions", "must restrict at least one claim to something narrower than *")
        if self.groups_claim is not None and not _CLAIM.fullmatch(self.groups_claim):
            raise _invalid("/groups_claim", "is not the name of a claim")

    @staticmethod
    def _check_condition(claim: str, values: Sequence[str]) -> None:
        where = f"/conditions/{claim}"
        if not _CLAIM.fullmatch(claim):
            raise _invalid(where, "is not the name of a claim")
        if not 1 <= len(values) <= MAX_VALUES:
            raise _invalid(where, f"must have 1 to {MAX_VALUES} values")
        for value in values:
            _check_length(where, value, MAX_VALUE)


@dataclass(frozen=True, slots=True)
class Iam:
    """The AWS principals that are trusted: ``arns`` are patterns of ARNs of users and roles.

    A session of an assumed role counts as the role, without the role's path. Raises InvalidInputError.
    """

    arns: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.arns) <= MAX_ARNS:
            raise _invalid("/arns", f"must hold 1 to {MAX_ARNS} patterns")
        for index, arn in enumerate(self.arns):
            if not _ARN.fullmatch(arn):
                raise _invalid(
                    f"/arns/{index}", "must be like arn:aws:iam::123456789012:role/deploy-*, with the account in full"
                )


Terms: TypeAlias = Oidc | Iam


@dataclass(frozen=True, slots=True)
class Trust(Record, kind="trust"):
    """Whoever meets the ``terms`` has the ``grants``."""

    name: str
    terms: Terms
    grants: tuple[Grant, ...]
    created_at: Instant
    created_by: str
    updated_at: Instant = Instant("")
    revision: int = 0

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidNameError(
                "A trust's name has 1 to 64 lower-case letters, digits and '-', and begins with a letter."
            )
        if not 1 <= len(self.grants) <= MAX_GRANTS:
            raise _invalid("/grants", f"must hold 1 to {MAX_GRANTS} grants")

    @property
    def identity(self) -> Identity:
        return (Trust, self.name)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        if before == self:
            return self
        return replace(self, updated_at=stamp.time, revision=stamp.revision)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a credential is not accepted, as a code for the log."""

    reason: str


def check_issuer(issuer: str) -> None:
    """Raise InvalidInputError unless ``issuer`` is a plain URL. The outbound policy decides whether http is allowed."""
    _check_length("/issuer", issuer, MAX_URL)
    try:
        parts = urlsplit(issuer)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username is not None or not _PLAIN.fullmatch(issuer):
        raise _invalid("/issuer", "must be an https:// URL in ASCII without user, query and fragment")


def judge(terms: Oidc, algorithm: str, claims: Mapping[str, Any], now: Instant) -> Refusal | None:
    """Why the claims of a token with a valid signature are refused on these terms; None if they are accepted."""
    return (
        _judge_origin(terms, algorithm, claims)
        or _judge_times(claims, now)
        or _judge_audience(terms, claims)
        or _judge_claims(terms, claims)
    )


def judge_apart_from_times(terms: Oidc, algorithm: str, claims: Mapping[str, Any]) -> Refusal | None:
    """As ``judge``, of claims that were accepted before and are held against the terms again."""
    return _judge_origin(terms, algorithm, claims) or _judge_audience(terms, claims) or _judge_claims(terms, claims)


def _judge_origin(terms: Oidc, algorithm: str, claims: Mapping[str, Any]) -> Refusal | None:
    if algorithm not in terms.algorithms:
        return Refusal("algorithm_not_allowed")
    return None if claims.get("iss") == terms.issuer else Refusal("wrong_issuer")


def _judge_times(claims: Mapping[str, Any], now: Instant) -> Refusal | None:
    seconds = moment(now).timestamp()
    expires = claims.get("exp")
    if not _is_time(expires):
        return Refusal("no_expiry")
    if seconds >= expires + LEEWAY_SECONDS:
        return Refusal("expired")
    for claim in ("nbf", "iat"):
        if claim not in claims:
            continue
        begins = claims[claim]
        if not _is_time(begins):
            return Refusal("malformed")
        if begins > seconds + LEEWAY_SECONDS:
            return Refusal("not_yet_valid")
    return None


def _is_time(value: object) -> TypeGuard[float]:
    # Bounded: JSON allows integers of any length, and converting a huge one to a float fails or gives infinity.
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**53


def _judge_audience(terms: Oidc, claims: Mapping[str, Any]) -> Refusal | None:
    given = claims.get("aud")
    audiences = given if isinstance(given, list) else [given]
    return None if terms.audience in audiences else Refusal("wrong_audience")


def _judge_claims(terms: Oidc, claims: Mapping[str, Any]) -> Refusal | None:
    sub = claims.get("sub")
    # Counted in bytes, as the keys of DynamoDB are. A lone surrogate cannot be encoded, but is not printable either.
    if not isinstance(sub, str) or not sub.isprintable() or not 1 <= len(sub.encode()) <= MAX_SUB:
        return Refusal("no_subject")
    for claim, patterns in terms.conditions.items():
        value = claims.get(claim)
        values = value if isinstance(value, list) else [value]
        if not any(_holds(pattern, one) for one in values for pattern in patterns):
            return Refusal("condition_not_met")
    if terms.groups_claim is not None and len(_listed(claims.get(terms.groups_claim))) > MAX_GROUPS:
        return Refusal("too_many_groups")
    return None


def _holds(pattern: str, value: object) -> bool:
    text = _text(value)
    return text is not None and matches(pattern, text)


def _text(value: object) -> str | None:
    """A claim's value as text; None for what has no plain one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    """The values of a claim, of which there may be a list."""
    values = value if isinstance(value, list) else [value]
    return tuple(text for one in values if (text := _text(one)) is not None)


def groups_of(trust: Trust, claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The groups of a caller from its claims, each named ``<trust>/<value>`` and sorted.

    The trust in the name keeps an issuer from giving another's groups. Values that cannot name a group are skipped.
    """
    if not isinstance(trust.terms, Oidc) or trust.terms.groups_claim is None:
        return ()
    groups = set()
    for value in _listed(claims.get(trust.terms.groups_claim)):
        try:
            groups.add(group_name(f"{trust.name}/{value}"))
        except InvalidNameError:
            # No grant can be for such a group.
            continue
    return tuple(sorted(groups))


def carried_claims(trust: Trust, claims: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The claims that the trust has conditions on, each with its values as text: what schemes can ask for."""
    if not isinstance(trust.terms, Oidc):
        return {}
    found = {name: _texts(claims.get(name)) for name in sorted(trust.terms.conditions)}
    return {name: values for name, values in found.items() if values}


def normal_arn(user_arn: str) -> str:
    """The ARN to compare with trusted ones. For a session of an assumed role, it is the role's ARN without its path."""
    session = _ASSUMED.fullmatch(user_arn)
    return user_arn if session is None else f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"


def admits(terms: Iam, arn: str) -> bool:
    """Whether the terms trust ``arn``, a result of ``normal_arn``. Only users and roles are trusted, never the root."""
    whole = _ARN.fullmatch(arn)
    return whole is not None and "*" not in arn and any(matches(pattern, arn) for pattern in terms.arns)


def _listed(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _check_length(where: str, text: str, longest: int) -> None:
    if not 1 <= len(text) <= longest:
        raise _invalid(where, f"must have 1 to {longest} characters")


def _invalid(where: str, what: str) -> InvalidInputError:
    return InvalidInputError(f"{where} {what}.", [Problem(where, what)])
