"""Grants that hold only for models of some classifications."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.administrators import Administrator
from chalicelib.domain.access.holders import grants_held
from chalicelib.domain.access.name_ranges import readable_ranges
from chalicelib.domain.access.principal import (
    ROLE_ACTIONS,
    Action,
    Grant,
    Principal,
    Role,
    classification_words,
    grants_document,
    grants_from_document,
)
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.classification import WORDS, Classification, Level
from chalicelib.domain.errors import (
    InvalidInputError,
    LastAdministratorError,
    ModelNotFoundError,
    PermissionDeniedError,
)
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp

NAMES = ("fraud", "fraud-eu", "churn")
NOW = Instant("2026-11-29T10:00:00.000Z")
CLASSIFIED = st.none() | st.builds(Classification, st.sampled_from(list(Level)), st.booleans())
GRANTS = st.builds(
    Grant,
    st.sampled_from(list(Role)).map(str),
    st.sampled_from(("*", "fraud*", "*eu", *NAMES)),
    st.sets(st.sampled_from(WORDS)).map(classification_words),
)


class Unread(Mapping[str, Classification | None]):
    """Classifications that nobody may look at."""

    def __getitem__(self, model: str) -> Classification | None:
        raise AssertionError(f"the classification of {model} was read")

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def words(classification: Classification | None) -> set[str]:
    if classification is None:
        return {"unclassified"}
    return {classification.level.value} | ({"personal_data"} if classification.personal_data else set())


def holds(grant: Grant, action: Action, model: str, classification: Classification | None) -> bool:
    """The rule, written another way."""
    named = action in ROLE_ACTIONS[Role(grant.role)] and fnmatchcase(model, grant.models)
    return named and (grant.classifications == () or words(classification).issubset(grant.classifications))


@given(st.lists(GRANTS, max_size=4), st.fixed_dictionaries(dict.fromkeys(NAMES, CLASSIFIED)), st.sampled_from(Action))
def test_a_right_takes_a_grant_for_the_name_and_for_every_word_of_the_classification(
    grants: list[Grant], known: dict[str, Classification | None], action: Action
) -> None:
    caller = Principal("token:x", tuple(grants), classifications=known)
    for name in NAMES:
        allowed = any(holds(grant, action, name, known[name]) for grant in grants)
        assert caller.may(action, name) == allowed
        roles = {grant.role for grant in grants for action in Action if holds(grant, action, name, known[name])}
        assert caller.roles_on(name) == tuple(sorted(roles))


@given(st.lists(GRANTS, max_size=4), st.sampled_from(Action))
def test_a_limited_grant_says_nothing_of_a_model_whose_classification_is_not_known(
    grants: list[Grant], action: Action
) -> None:
    caller, bare = Principal("token:x", tuple(grants)), [grant for grant in grants if not grant.limited]
    for name in NAMES:
        assert caller.may(action, name) == Principal("token:x", tuple(bare)).may(action, name)
        assert not caller.hinges(action, name) or not caller.may(action, name)


@given(st.lists(GRANTS, max_size=4), st.sampled_from(Action), CLASSIFIED)
def test_what_does_not_hinge_on_the_classification_is_the_same_for_all(
    grants: list[Grant], action: Action, classification: Classification | None
) -> None:
    known = Principal("token:x", tuple(grants), classifications=dict.fromkeys(NAMES, classification))
    unread = Principal("token:x", tuple(grants), classifications=Unread())
    for name in NAMES:
        if not known.hinges(action, name):
            assert unread.may(action, name) == known.may(action, name)


@given(st.lists(GRANTS, max_size=4), st.sampled_from(Action), st.sampled_from(("", "fr", "fraud", "x")))
def test_no_limited_grant_is_for_a_whole_prefix_or_for_the_registry(
    grants: list[Grant], action: Action, prefix: str
) -> None:
    caller = Principal("token:x", tuple(grants))
    bare = Principal("token:x", tuple(grant for grant in grants if not grant.limited))
    assert caller.may_on_all(action, prefix) == bare.may_on_all(action, prefix)
    assert caller.may_registry(action) == bare.may_registry(action)


@given(st.lists(GRANTS, min_size=1, max_size=4), CLASSIFIED)
def test_what_the_caller_may_read_lies_in_what_is_read_for_a_list(
    grants: list[Grant], classification: Classification | None
) -> None:
    caller = Principal("token:x", tuple(grants), classifications=dict.fromkeys(NAMES, classification))
    ranges = readable_ranges(caller, "")
    for name in NAMES:
        assert not caller.may(Action.READ, name) or any(one.holds(name) for one in ranges)


def test_a_model_that_its_classification_hides_is_refused_as_if_it_did_not_exist() -> None:
    limited = (Grant(Role.CONTRIBUTOR, "*", ("public", "internal")),)
    caller = Principal("token:x", limited, classifications={"fraud": Classification(Level.CONFIDENTIAL)})
    with pytest.raises(ModelNotFoundError, match="There is no model 'fraud'"):
        caller.check(Action.READ, "fraud")
    # Who is about to create it learns that the name is not to be had.
    with pytest.raises(PermissionDeniedError):
        caller.check(Action.REGISTER, "fraud", hides=False)


def test_who_may_read_a_model_is_told_that_more_is_refused_because_of_its_classification() -> None:
    grants = (Grant(Role.VIEWER, "*"), Grant(Role.CONSUMER, "*", ("public",)))
    caller = Principal("token:x", grants, classifications={"fraud": None})
    with pytest.raises(PermissionDeniedError, match="on models of its classification"):
        caller.check(Action.DOWNLOAD, "fraud")


def test_personal_data_needs_its_word_besides_the_level() -> None:
    personal = Classification(Level.INTERNAL, personal_data=True)
    assert not Grant("viewer", "*", ("internal",)).admits(personal)
    assert Grant("viewer", "*", ("internal", "personal_data")).admits(personal)
    assert not Grant("viewer", "*", ("personal_data",)).admits(personal)


@given(st.lists(GRANTS, max_size=4))
def test_grants_come_back_from_their_documents(grants: list[Grant]) -> None:
    assert grants_from_document(grants_document(grants)) == tuple(grants)


def test_a_grant_without_a_limit_is_stored_as_before() -> None:
    assert grants_document([Grant("viewer", "fr*")]) == [{"role": "viewer", "models": "fr*"}]
    assert grants_from_document([{"role": "viewer", "models": "fr*"}]) == (Grant("viewer", "fr*"),)


def test_classifications_have_one_form() -> None:
    assert classification_words(["personal_data", "public", "public"]) == ("public", "personal_data")
    with pytest.raises(InvalidInputError, match="secret"):
        classification_words(["secret"])
    for wrong in (("secret",), ("internal", "public"), ("public", "public")):
        with pytest.raises(InvalidInputError, match="in this order"):
            Grant("viewer", "*", wrong)


def test_a_limited_administrator_is_none_so_the_last_one_cannot_be_limited() -> None:
    registry = RegistryState(administrators=(Administrator("grant:group:ops", ("admin",)),))
    stamp = Stamp("token:ada", "r", "e", NOW, 1)
    before, after = [Grant("admin", "*")], [Grant("admin", "*", ("public",))]
    with pytest.raises(LastAdministratorError):
        grants_held(registry, "grant:group:ops", before, after, None, {}, stamp)
