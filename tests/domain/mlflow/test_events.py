"""The notices of each committed event are what MLflow's own server sends for the same action."""

import base64
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.aliases import decisions as aliases
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import chain, model_ledger
from chalicelib.domain.mlflow.delivery import headers, payload
from chalicelib.domain.mlflow.events import EXAMPLES, Notice, event_names, example, notices
from chalicelib.domain.models import decisions as models
from chalicelib.domain.models.decisions import ModelState, ProfileChange
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.versions import decisions as versions
from chalicelib.domain.versions.version import Description
from tests.domain.build import NOW, WINDOW, file, ready, settled, stamp, transition_context
from tests.mlflow_signature import verified

PROMPT = {"mlflow.prompt.is_prompt": "true"}
DELIVERY = "0" * 11 + "f" + "0123456789abcdef0123"


def event(outcome: Outcome[Any], name: str = "fraud") -> dict[str, Any]:
    """The event that committing the outcome writes, as it comes back from the table."""
    assert isinstance(outcome, Decision)
    ledger = model_ledger(name)
    written: dict[str, Any] = json.loads(json.dumps(chain(ledger, outcome.state.head, outcome.event, stamp())))
    return written


def sent(outcome: Outcome[Any], prompt: bool = False) -> list[tuple[str, dict[str, object]]]:
    return [(notice.event, dict(notice.data)) for notice in notices(event(outcome), prompt)]


def created(**given: Any) -> Outcome[ModelState]:
    return models.create(None, "fraud", ProfileChange(**given), PRESETS["default"], stamp())


def registered(**description: Any) -> Decision[Any]:
    return versions.register(Model("fraud"), None, Description(**description), [file()], "uid1", WINDOW, stamp())


def annotated(before: dict[str, str], after: dict[str, str]) -> Outcome[Any]:
    model, version = ready(Model("fraud"), tags=before)
    return versions.annotate(model, version, None, after)


def retagged(before: dict[str, str], after: dict[str, str]) -> Outcome[ModelState]:
    state = ModelState(Model("fraud"), Profile(tags=before))
    return models.update(state, ProfileChange(tags=after))


def pointed(model: Model, alias: str, version: Any) -> Decision[Any]:
    outcome = aliases.set_alias(model, alias, version, None, None)
    assert isinstance(outcome, Decision)
    return outcome


def test_the_notice_of_a_created_model_has_its_tags() -> None:
    outcome = created(description="scores cards", tags={"team": "risk", "mlflow.prompt.is_prompt": "false"})
    assert sent(outcome) == [
        (
            "registered_model.created",
            {
                "name": "fraud",
                "tags": {"team": "risk", "mlflow.prompt.is_prompt": "false"},
                "description": "scores cards",
            },
        )
    ]


def test_the_notice_of_a_created_prompt_has_no_tags_that_make_it_one() -> None:
    outcome = created(tags={**PROMPT, "_mlflow_prompt_type": "chat", "team": "risk"})
    assert sent(outcome) == [("prompt.created", {"name": "fraud", "tags": {"team": "risk"}, "description": ""})]


def test_the_notice_of_a_registered_version_has_its_source_and_run() -> None:
    outcome = registered(
        tags={"stage": "candidate"},
        provenance={"run": {"id": "r" * 32}, "artifact_source": {"uri": "models:/m-1"}},
    )
    assert sent(outcome) == [
        (
            "model_version.created",
            {
                "name": "fraud",
                "version": "1",
                "source": "models:/m-1",
                "run_id": "r" * 32,
                "tags": {"stage": "candidate"},
                "description": None,
            },
        )
    ]


@pytest.mark.parametrize("provenance", [{}, {"run": "r1", "artifact_source": ["s3://a"]}, {"run": {"id": 7}}])
def test_the_notice_of_a_version_without_a_source_has_the_address_in_the_registry(
    provenance: Any,
) -> None:
    ((_, data),) = sent(registered(provenance=provenance, description="first"))
    encoded = str(data["source"]).removeprefix("mlflow-artifacts:/registered/").removesuffix("/1")
    assert base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)) == b"fraud"
    assert (data["run_id"], data["description"]) == (None, "first")


@pytest.mark.parametrize(("tags", "prompt"), [(PROMPT, False), ({}, True)])
def test_the_notice_of_a_prompt_version_has_its_template(tags: dict[str, str], prompt: bool) -> None:
    outcome = registered(
        tags={**tags, "mlflow.prompt.text": "Hello {{name}}!", "_mlflow_prompt_type": "text", "a": "b"}
    )
    assert sent(outcome, prompt) == [
        (
            "prompt_version.created",
            {
                "name": "fraud",
                "version": "1",
                "template": "Hello {{name}}!",
                "tags": {"a": "b"},
                "description": None,
            },
        )
    ]


@pytest.mark.parametrize(("prompt", "entity"), [(False, "model_version_tag"), (True, "prompt_version_tag")])
def test_tags_changed_together_have_a_notice_each(prompt: bool, entity: str) -> None:
    outcome = annotated({"kept": "1", "old": "2", "gone": "3"}, {"kept": "1", "old": "4", "new": ""})
    named = {"name": "fraud", "version": "1"}
    assert sent(outcome, prompt) == [
        (f"{entity}.set", {**named, "key": "new", "value": ""}),
        (f"{entity}.set", {**named, "key": "old", "value": "4"}),
        (f"{entity}.deleted", {**named, "key": "gone"}),
    ]


def test_a_version_described_anew_is_nothing_to_mlflow() -> None:
    model, version = ready(Model("fraud"))
    assert sent(versions.annotate(model, version, "better", None)) == []


def test_changed_tags_of_a_prompt_have_notices_and_those_of_a_model_have_none() -> None:
    outcome = retagged({**PROMPT, "gone": "1"}, {**PROMPT, "new": "2"})
    assert sent(outcome) == [
        ("prompt_tag.set", {"name": "fraud", "key": "new", "value": "2"}),
        ("prompt_tag.deleted", {"name": "fraud", "key": "gone"}),
    ]
    assert sent(retagged({"gone": "1"}, {"new": "2"})) == []


def test_adding_the_tag_that_makes_a_model_a_prompt_has_a_notice_and_removing_it_has_none() -> None:
    assert [name for name, _ in sent(retagged({}, PROMPT))] == ["prompt_tag.set"]
    assert sent(retagged(PROMPT, {})) == []


def test_a_model_described_anew_is_nothing_to_mlflow() -> None:
    state = ModelState(Model("fraud"), Profile(tags=PROMPT))
    assert sent(models.update(state, ProfileChange(owner="ada"))) == []


@pytest.mark.parametrize(("prompt", "entity"), [(False, "model_version_alias"), (True, "prompt_alias")])
def test_an_alias_has_a_notice_when_it_is_set_and_when_it_is_deleted(prompt: bool, entity: str) -> None:
    model, version = ready(Model("fraud"))
    outcome = pointed(model, "blue", version)
    assert sent(outcome, prompt) == [(f"{entity}.created", {"name": "fraud", "alias": "blue", "version": "1"})]
    dropped = aliases.delete(settled(outcome, version).after, "blue")
    assert sent(dropped, prompt) == [(f"{entity}.deleted", {"name": "fraud", "alias": "blue"})]


def test_rolling_back_an_alias_has_the_notice_of_setting_it_to_the_earlier_version() -> None:
    model, first = ready(Model("fraud"))
    model = settled(pointed(model, "blue", first), first).after
    model, second = ready(model)
    model = settled(pointed(model, "blue", second), second).after
    outcome = aliases.roll_back(model, "blue", first, None)
    assert sent(outcome) == [("model_version_alias.created", {"name": "fraud", "alias": "blue", "version": "1"})]


def test_promoting_the_challenger_has_a_notice_for_each_of_the_two_aliases() -> None:
    model, version = ready(Model("fraud"))
    model = settled(pointed(model, "challenger", version), version).after
    outcome = aliases.promote_challenger(model, version, None, None)
    assert sent(outcome) == [
        ("model_version_alias.created", {"name": "fraud", "alias": "champion", "version": "1"}),
        ("model_version_alias.deleted", {"name": "fraud", "alias": "challenger"}),
    ]


def test_promoting_a_challenger_that_is_the_champion_already_only_has_the_notice_of_a_deleted_alias() -> None:
    model, version = ready(Model("fraud"))
    for alias in ("champion", "challenger"):
        outcome = pointed(model, alias, version)
        settlement = settled(outcome, version)
        model, version = settlement.after, settlement.saved(version)
    outcome = aliases.promote_challenger(model, version, None, None)
    assert sent(outcome) == [("model_version_alias.deleted", {"name": "fraud", "alias": "challenger"})]


def test_retiring_the_challenger_has_the_notice_of_a_deleted_alias() -> None:
    model, version = ready(Model("fraud"))
    model = settled(pointed(model, "challenger", version), version).after
    assert sent(aliases.retire_challenger(model, None)) == [
        ("model_version_alias.deleted", {"name": "fraud", "alias": "challenger"})
    ]


def test_a_transition_has_notices_only_for_the_aliases_that_it_sets() -> None:
    model, version = ready(Model("fraud"))
    plain = transition_context(model, version)
    assert sent(stages.transition(plain, "staging", None, None, stamp())) == []
    staging = replace(plain.scheme.stage("staging"), aliases=("live", "stable"))
    moving = replace(plain.scheme, stages={**plain.scheme.stages, "staging": staging})
    assert sent(stages.transition(replace(plain, scheme=moving), "staging", None, None, stamp())) == [
        ("model_version_alias.created", {"name": "fraud", "alias": "live", "version": "1"}),
        ("model_version_alias.created", {"name": "fraud", "alias": "stable", "version": "1"}),
    ]


TOLD = {
    event_types.MODEL_CREATED,
    event_types.MODEL_UPDATED,
    event_types.VERSION_CREATED,
    event_types.VERSION_UPDATED,
    event_types.VERSION_TRANSITIONED,
    event_types.ALIAS_SET,
    event_types.ALIAS_DELETED,
    event_types.CHALLENGER_PROMOTED,
    event_types.CHALLENGER_RETIRED,
}


@pytest.mark.parametrize("event_type", sorted(event_types.ALL - TOLD))
def test_an_event_that_mlflow_does_not_have_has_no_notice(event_type: str) -> None:
    bare = {"type": event_type, "model": "fraud", "version": 1, "alias": None, "before": None, "after": None}
    assert notices(bare, prompt=False) == notices(bare, prompt=True) == ()


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.text(max_size=3)),
    st.dictionaries(st.sampled_from("abcdef"), st.text(max_size=3)),
)
def test_the_notices_of_changed_tags_turn_the_old_tags_into_the_new(
    before: dict[str, str], after: dict[str, str]
) -> None:
    outcome = annotated(before, after)
    if isinstance(outcome, NoChange):
        assert before == after
        return
    tags = dict(before)
    for name, data in sent(outcome):
        if name.endswith(".set"):
            tags[str(data["key"])] = str(data["value"])
        else:
            del tags[str(data["key"])]
    assert tags == after


def test_only_events_of_mlflows_can_be_asked_for() -> None:
    assert event_names([*EXAMPLES, *EXAMPLES]) == tuple(EXAMPLES)
    for wrong in ([], ["model_version.deleted"], ["registered_model.created", "version.created"], ["*"]):
        with pytest.raises(InvalidInputError) as refusal:
            event_names(wrong)
        assert refusal.value.problems[0].pointer.startswith("/events")


@given(
    st.text(min_size=1, max_size=40, alphabet=st.characters(exclude_categories=["Cs"])),
    st.dictionaries(st.text(max_size=5, alphabet=st.characters(exclude_categories=["Cs"])), st.text(max_size=9)),
    st.integers(0, 2**33),
)
def test_an_independent_verifier_accepts_the_signature(secret: str, tags: dict[str, str], timestamp: int) -> None:
    notice = Notice("registered_model.created", {"name": "Überweisung", "tags": tags, "description": ""})
    body = payload(notice, NOW)
    document = verified(secret, headers(secret, DELIVERY, timestamp, body), body)
    assert (document["entity"], document["action"]) == ("registered_model", "created")
    assert document["data"] == {"name": "Überweisung", "tags": tags, "description": ""}
    assert datetime.fromisoformat(document["timestamp"]) == datetime.fromisoformat(NOW)
    assert list(document) == ["entity", "action", "timestamp", "data"]


def test_the_verifier_refuses_another_body_id_time_or_secret() -> None:
    body = payload(example("model_version_tag.set"), NOW)
    signed = headers("s3cret", DELIVERY, 1_700_000_000, body)
    assert verified("s3cret", signed, body, now=1_700_000_100)
    tampered = [
        ("s3cret", signed, body + b" "),
        ("other", signed, body),
        ("s3cret", {**signed, "X-MLflow-Timestamp": "1700000001"}, body),
        ("s3cret", {**signed, "X-MLflow-Delivery-Id": "00000000-0000-0000-0000-000000000000"}, body),
    ]
    for secret, given_headers, given_body in tampered:
        with pytest.raises(ValueError, match="something else"):
            verified(secret, given_headers, given_body)


def test_without_a_secret_there_is_no_signature() -> None:
    body = payload(example("prompt.created"), NOW)
    assert set(headers(None, DELIVERY, 7, body)) == {"X-MLflow-Delivery-Id", "X-MLflow-Timestamp"}
