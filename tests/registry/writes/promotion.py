"""Writes of moves between stages, and of the requests for them."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.schemes.gates import Tier
from chalicelib.registry.promotion import openings, promotion, requests, scheme_assignment, stages
from tests.registry.arranged import (
    a_follower_of_a_saved_scheme,
    a_model,
    a_request_that_is_due,
    a_scheme_saved_while_it_was_assigned,
    a_version,
    a_version_that_a_rule_moves,
    a_version_whose_gate_opens_a_check,
    an_approved_request,
    an_open_request,
    governed,
    newest_event,
    two_and_one_to_move,
    two_executed_requests,
    two_in_staging,
    two_ready,
    void_votes,
)
from tests.registry.governed import REVIEWERS
from tests.registry.writes.write import Write

WRITES: Final = {
    "move a version": Write(
        event_types.VERSION_TRANSITIONED,
        a_version,
        lambda s, r, m, _: stages.transition(s, r, m, "1", "production", None, None),
    ),
    "roll back a stage": Write(
        event_types.VERSION_TRANSITIONED,
        two_ready,
        lambda s, r, m, _: stages.roll_back_stage(s, r, m, "production", None),
    ),
    "roll back a stage with its alias": Write(
        event_types.VERSION_TRANSITIONED,
        two_executed_requests,
        lambda s, r, m, _: stages.roll_back_stage(s, r, m, "live", "incident"),
    ),
    "override a move": Write(
        event_types.VERSION_TRANSITIONED,
        an_open_request,
        lambda s, r, m, _: stages.override(s, r, m, "1", "live", None, "outage"),
    ),
    "open a request": Write(
        event_types.REQUEST_OPENED,
        lambda s, m: a_version(s, governed(s, m)),
        lambda s, r, m, _: requests.open_request(s, r, m, "1", "live", None, None, []),
    ),
    "vote on a request": Write(
        event_types.REQUEST_VOTED,
        an_open_request,
        lambda s, r, m, number: requests.vote(s, replace(r, principal=REVIEWERS["cy"]), m, number, True, None),
    ),
    "withdraw a request": Write(
        event_types.REQUEST_WITHDRAWN,
        an_open_request,
        lambda s, r, m, number: requests.withdraw(s, r, m, number, None),
    ),
    "execute a request": Write(
        event_types.VERSION_TRANSITIONED,
        an_approved_request,
        lambda s, r, m, number: requests.execute(s, r, m, number, Trigger.REQUEST, None),
    ),
    "void votes": Write(
        event_types.REQUEST_VOTES_VOIDED,
        void_votes,
        requests.void_votes,
    ),
    "expire a request": Write(event_types.REQUEST_EXPIRED, a_request_that_is_due, requests.expire),
    "assign a scheme": Write(
        event_types.MODEL_SCHEME_ASSIGNED,
        a_model,
        lambda s, r, m, _: scheme_assignment.assign_scheme(s, r, m, "regulated", None),
    ),
    "set a tier": Write(
        event_types.MODEL_TIER_SET, a_model, lambda s, r, m, _: scheme_assignment.set_tier(s, r, m, Tier.HIGH, None)
    ),
    "move a version over the one that has the stage": Write(
        event_types.VERSION_TRANSITIONED,
        two_and_one_to_move,
        lambda s, r, m, number: stages.transition(s, r, m, number, "production", None, None),
    ),
    "archive the others of a stage": Write(
        event_types.VERSION_TRANSITIONED,
        two_in_staging,
        lambda s, r, m, number: stages.archive_others(s, r, m, number, "staging"),
        keyed=False,
    ),
    "promote by a rule": Write(
        event_types.VERSION_TRANSITIONED,
        a_version_that_a_rule_moves,
        lambda s, r, m, event: promotion.judge_event(s, event),
        keyed=False,
    ),
    "open a check that a gate asks for": Write(
        event_types.CHECK_OPENED,
        a_version_whose_gate_opens_a_check,
        lambda s, r, m, event: openings.open_checks(s, event, event["version"]),
        keyed=False,
    ),
    "execute an approved request by a rule": Write(
        event_types.VERSION_TRANSITIONED,
        lambda s, m: (an_approved_request(s, m), newest_event(s, m))[1],
        lambda s, r, m, event: promotion.judge_event(s, event),
        keyed=False,
    ),
    "hand on a scheme": Write(
        event_types.MODEL_SCHEME_ASSIGNED,
        a_follower_of_a_saved_scheme,
        lambda s, r, m, event: scheme_assignment.hand_on(s, event),
        keyed=False,
    ),
    "catch up with a scheme": Write(
        event_types.MODEL_SCHEME_ASSIGNED,
        a_scheme_saved_while_it_was_assigned,
        lambda s, r, m, event: scheme_assignment.catch_up(s, event),
        keyed=False,
    ),
}
