"""Giving and taking grants, and trusting identities from elsewhere: what changes and what is recorded."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.access import grant_decisions as grants
from chalicelib.domain.access import trust_decisions as trusts
from chalicelib.domain.access.administrators import Administrator
from chalicelib.domain.access.grant_decisions import SubjectGrants
from chalicelib.domain.access.principal import MAX_GRANTS, Action, Grant, Role
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.roles import CustomRole, Holder
from chalicelib.domain.access.sign_in import SignIn
from chalicelib.domain.access.subjects import subject_id
from chalicelib.domain.access.trust import MAX_TRUSTS, Iam, Oidc, Trust
from chalicelib.domain.errors import InvalidInputError, LastAdministratorError, LimitExceededError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import NoChange, Put, Remove
from chalicelib.domain.ledger.events import EventDraft
from tests.domain.build import NOW, changed, stamp

VIEWER, ADMIN, CURATES = Grant(Role.VIEWER, "*"), Grant(Role.ADMIN, "*"), Grant("curator", "*")
CURATOR = CustomRole("curator", frozenset({Action.READ}), "", NOW, "token:ada")
RISK = subject_id("group:risk")
LATER = Instant("2027-01-01T00:00:00.000Z")
ELSE = Administrator("token:other", ("admin",))


def given(*wanted: Grant, standing: SubjectGrants | None = None, **kept: Any) -> Any:
    registry = kept.get("registry", RegistryState())
    return grants.set_grants(registry, standing, "group:risk", wanted, kept.get("roles", {}), stamp(time=LATER))


def test_grants_are_given_and_recorded() -> None:
    made = changed(given(VIEWER, VIEWER))
    held = SubjectGrants("group:risk", (VIEWER,), LATER, "token:ada")
    assert made.result == held and made.changes == (Put(held),) and made.subject == RISK
    assert made.event == EventDraft(
        "grant.set",
        None,
        {"subject": "group:risk", "grants": [{"role": "viewer", "models": "*"}]},
        subject=RISK,
    )


def test_grants_that_replace_others_record_both_and_keep_who_began() -> None:
    standing = SubjectGrants("group:risk", (VIEWER,), NOW, "token:eve", NOW, 3)
    assert given(VIEWER, standing=standing) == NoChange(standing)
    made = changed(given(ADMIN, standing=standing))
    assert (made.result.created_at, made.result.created_by) == (NOW, "token:eve")
    assert made.event.before == {"grants": [{"role": "viewer", "models": "*"}]}
    saved = made.result.stamped(standing, stamp(time=LATER, revision=9))
    assert (saved.updated_at, saved.revision) == (LATER, 9)
    assert standing.stamped(standing, stamp(time=LATER, revision=9)) == standing


def test_a_subject_has_one_to_twenty_grants() -> None:
    many = [Grant(Role.VIEWER, f"m{number}") for number in range(MAX_GRANTS)]
    assert len(changed(given(*many)).result.grants) == MAX_GRANTS
    for wanted in ([], [*many, VIEWER]):
        with pytest.raises(InvalidInputError):
            given(*wanted)


def test_a_grant_of_a_role_that_does_not_exist_is_refused_and_named() -> None:
    with pytest.raises(InvalidInputError, match="no role 'gone'") as refused:
        given(Grant("gone", "*"), Grant("lost", "*"), CURATES, roles={"curator": CURATOR})
    assert [problem.message for problem in refused.value.problems] == [
        "the role 'gone' does not exist",
        "the role 'lost' does not exist",
    ]


def test_a_role_knows_who_holds_it_and_whether_everywhere() -> None:
    made = changed(given(CURATES, roles={"curator": CURATOR}))
    held = replace(CURATOR, holders={"grant:group:risk": Holder(True)})
    assert made.changes[1:] == (Put(held),)
    somewhere = changed(given(Grant("curator", "fraud"), standing=made.result, roles={"curator": held}))
    assert somewhere.changes[1:] == (Put(replace(CURATOR, holders={"grant:group:risk": Holder(False)})),)
    other = changed(given(CURATES, VIEWER, standing=made.result, roles={"curator": held}))
    assert other.changes == (Put(other.result),), "a role whose holders stay the same is not saved"
    taken = grants.delete_grants(RegistryState(), made.result, {"curator": held}, stamp())
    assert taken.changes == (Remove(made.result), Put(CURATOR))
    assert grants.delete_grants(RegistryState(), made.result, {}, stamp()).changes == (Remove(made.result),)


def test_a_custom_role_that_administers_makes_an_administrator_only_on_every_model() -> None:
    administers = {"curator": replace(CURATOR, actions=frozenset({Action.ADMINISTER}))}
    made = changed(given(CURATES, ADMIN, roles=administers, registry=RegistryState(administrators=(ELSE,))))
    assert isinstance(made.state, RegistryState)
    assert made.state.administrators == (Administrator("grant:group:risk", ("admin", "curator")), ELSE)
    somewhere = changed(given(Grant("curator", "fraud"), VIEWER, roles=administers))
    assert isinstance(somewhere.state, RegistryState) and somewhere.state.administrators == ()


def test_taking_grants_away_is_recorded_and_never_locks_everybody_out() -> None:
    made = changed(given(ADMIN))
    with pytest.raises(LastAdministratorError, match="grant:group:risk is the last"):
        grants.delete_grants(made.state, made.result, {}, stamp(time=LATER))
    registry = RegistryState(administrators=(*made.state.administrators, ELSE))
    taken = grants.delete_grants(registry, made.result, {}, stamp(time=LATER))
    assert isinstance(taken.state, RegistryState) and taken.state.administrators == (ELSE,)
    assert taken.event == EventDraft(
        "grant.deleted",
        {
            "id": RISK,
            "subject": "group:risk",
            "grants": [{"role": "admin", "models": "*"}],
            "created_at": LATER,
            "created_by": "token:ada",
            "updated_at": "",
        },
        None,
        subject=RISK,
    )


ARN = "arn:aws:iam::123456789012:role/deploy"
ROLE = Iam((ARN,))
ISSUER = Oidc("https://ci.example", "registry", ("RS256",), {"sub": ("x", "y")}, "groups")


def trusted(terms: Any = ROLE, *wanted: Grant, standing: Trust | None = None, **kept: Any) -> Any:
    registry = kept.get("registry", RegistryState())
    given_grants = wanted or (VIEWER,)
    return trusts.set_trust(
        registry, standing, "ci", terms, given_grants, kept.get("roles", {}), stamp(time=LATER, revision=4)
    )


def test_a_trust_by_which_people_sign_in_is_recorded_without_the_clients_secret() -> None:
    made = changed(trusted(replace(ISSUER, sign_in=SignIn("Okta", "ui", "sealed"))))
    assert made.event.after["sign_in"] == {"label": "Okta", "client_id": "ui", "has_secret": True}
    assert "sealed" not in str(made.event)


def test_trust_is_given_and_recorded_in_full() -> None:
    made = changed(trusted(ISSUER, VIEWER, VIEWER))
    trust = Trust("ci", ISSUER, (VIEWER,), LATER, "token:ada", LATER, 4)
    assert made.result == trust and made.changes == (Put(trust),) and made.subject == "ci"
    assert isinstance(made.state, RegistryState) and made.state.counts == {"TRUST": 1}
    assert made.event == EventDraft(
        "trust.set",
        None,
        {
            "name": "ci",
            "kind": "oidc",
            "issuer": "https://ci.example",
            "audience": "registry",
            "algorithms": ["RS256"],
            "conditions": {"sub": ["x", "y"]},
            "groups_claim": "groups",
            "sign_in": None,
            "grants": [{"role": "viewer", "models": "*"}],
            "created_at": LATER,
            "created_by": "token:ada",
            "updated_at": LATER,
        },
        subject="ci",
    )


def test_trust_on_other_terms_or_with_other_grants_replaces_the_former() -> None:
    standing = Trust("ci", ROLE, (VIEWER,), NOW, "token:eve", NOW, 3)
    full = RegistryState(counts={"TRUST": MAX_TRUSTS})
    assert trusted(standing=standing, registry=full) == NoChange(standing)
    for made in (
        changed(trusted(ISSUER, standing=standing, registry=full)),
        changed(trusted(ROLE, CURATES, standing=standing, registry=full, roles={"curator": CURATOR})),
    ):
        assert (made.result.created_at, made.result.created_by, made.result.updated_at) == (NOW, "token:eve", LATER)
        assert made.state.counts == full.counts
        assert made.event.before == {
            "name": "ci",
            "kind": "iam",
            "arns": [ARN],
            "grants": [{"role": "viewer", "models": "*"}],
            "created_at": NOW,
            "created_by": "token:eve",
            "updated_at": NOW,
        }


def test_a_registry_has_at_most_a_hundred_trusts() -> None:
    almost = RegistryState(counts={"TRUST": MAX_TRUSTS - 1, "ROLE": 3})
    assert changed(trusted(registry=almost)).state.counts == {"TRUST": MAX_TRUSTS, "ROLE": 3}
    with pytest.raises(LimitExceededError, match="at most 100 trusts"):
        trusted(registry=RegistryState(counts={"TRUST": MAX_TRUSTS}))


def test_trust_that_is_withdrawn_is_counted_no_more_and_its_roles_are_released() -> None:
    made = changed(trusted(ROLE, CURATES, ADMIN, roles={"curator": CURATOR}))
    held = made.changes[1].record
    assert held.holders == {"trust:ci": Holder(True)}
    with pytest.raises(LastAdministratorError, match="trust:ci is the last"):
        trusts.delete_trust(made.state, made.result, {"curator": held}, stamp())
    registry = RegistryState(administrators=(*made.state.administrators, ELSE), counts={"TRUST": 7})
    gone = trusts.delete_trust(registry, made.result, {"curator": held}, stamp())
    assert gone.changes == (Remove(made.result), Put(CURATOR))
    assert gone.state == RegistryState(administrators=(ELSE,), counts={"TRUST": 6})
    assert (gone.event.type, gone.event.after, gone.event.subject) == ("trust.deleted", None, "ci")
    assert gone.event.before == made.event.after
