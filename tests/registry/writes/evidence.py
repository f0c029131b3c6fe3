"""Writes of checks, evaluations, attestations and evidence files."""

from typing import Final

from chalicelib.domain.evidence.check_decisions import CheckOpening
from chalicelib.domain.ledger import event_types
from chalicelib.registry.evidence import attestations, checks, evaluations, evidence_files
from tests.domain.evidence.envelopes import envelope
from tests.registry.arranged import MEASUREMENT, PASS, an_evidence_file, an_uploaded_evidence_file, two_of, two_ready
from tests.registry.build import file, request
from tests.registry.writes.write import Write

WRITES: Final = {
    "report a check": Write(
        event_types.CHECK_REPORTED, two_ready, lambda s, r, m, _: checks.report_check(s, r, m, "@champion", "ci", PASS)
    ),
    "open a check": Write(
        event_types.CHECK_OPENED,
        lambda s, m: checks.report_check(s, request(), two_of(s, m), "1", "ci", PASS),
        lambda s, r, m, _: checks.await_check(s, r, m, "1", "ci", CheckOpening()),
    ),
    "extend a pending check": Write(
        event_types.CHECK_EXTENDED,
        lambda s, m: checks.await_check(s, request(), two_of(s, m), "1", "ci", CheckOpening(due_in_minutes=5)),
        lambda s, r, m, _: checks.await_check(s, r, m, "1", "ci", CheckOpening(link="https://ci.example.com/runs/42")),
    ),
    "report a pending check": Write(
        event_types.CHECK_REPORTED,
        lambda s, m: checks.await_check(s, request(), two_of(s, m), "1", "ci", CheckOpening()),
        lambda s, r, m, _: checks.report_check(s, r, m, "1", "ci", PASS),
    ),
    "withdraw a check": Write(
        event_types.CHECK_WITHDRAWN,
        lambda s, m: checks.report_check(s, request(), two_of(s, m), "1", "ci", PASS),
        lambda s, r, m, _: checks.withdraw_check(s, r, m, "1", "ci"),
    ),
    "record an evaluation": Write(
        event_types.EVALUATION_RECORDED,
        two_ready,
        lambda s, r, m, _: evaluations.record_evaluation(s, r, m, "1", "holdout", MEASUREMENT),
    ),
    "withdraw an evaluation": Write(
        event_types.EVALUATION_WITHDRAWN,
        lambda s, m: evaluations.record_evaluation(s, request(), two_of(s, m), "1", "holdout", MEASUREMENT),
        lambda s, r, m, _: evaluations.withdraw_evaluation(s, r, m, "1", "holdout"),
    ),
    "attach an evidence file": Write(
        event_types.EVIDENCE_FILE_ATTACHED,
        an_uploaded_evidence_file,
        lambda s, r, m, upload: evidence_files.finish_upload(s, r, m, "1", *upload),
    ),
    "withdraw an evidence file": Write(
        event_types.EVIDENCE_FILE_WITHDRAWN,
        an_evidence_file,
        lambda s, r, m, name: evidence_files.withdraw_file(s, r, m, "1", name),
    ),
    "record an attestation": Write(
        event_types.ATTESTATION_RECORDED,
        two_ready,
        lambda s, r, m, _: attestations.record_attestation(s, r, m, "1", "slsa", envelope(file().sha256)),
    ),
    "withdraw an attestation": Write(
        event_types.ATTESTATION_WITHDRAWN,
        lambda s, m: attestations.record_attestation(s, request(), two_of(s, m), "1", "slsa", envelope(file().sha256)),
        lambda s, r, m, _: attestations.withdraw_attestation(s, r, m, "1", "slsa"),
    ),
}
