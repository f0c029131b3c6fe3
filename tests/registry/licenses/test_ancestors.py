"""Licences along the lineage of stored versions, and the gates that judge them and the formats of files."""

from typing import Any

import pytest

from chalicelib.aws.model_records import MODEL_RECORDS
from chalicelib.aws.services import Services
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.errors import GatesNotMetError
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.findings import Findings, scanned
from chalicelib.domain.scanning.format_names import FileFormat
from chalicelib.registry.cards import cards
from chalicelib.registry.licenses.ancestors import licensing_of
from chalicelib.registry.models.models import model_head
from chalicelib.registry.promotion import dry_runs, scheme_assignment, stages
from chalicelib.registry.scanning.file_formats import file_formats
from chalicelib.registry.schemes import saving
from tests.domain.schemes.documents import document
from tests.registry.build import MODEL, model, ready, request
from tests.registry.faults import Calls
from tests.registry.lineage.build import based_on

LICENSES = {"name": "licenses", "kind": "licenses", "deny": ["AGPL-*"]}
FORMATS = {"name": "formats", "kind": "formats", "deny": ["pickle"]}


def license_as(registry: Services, name: str, text: str) -> None:
    cards.update_card(registry, request(), name, CardChange({}, {"license": text}))


def judged_by(registry: Services, name: str, *gates: dict[str, Any]) -> None:
    first, last = "development", "archived"
    moves = [{"from": first, "to": "live", "gates": list(gates)}, {"from": [first, "live"], "to": last}]
    stages = [{"name": first}, {"name": "live"}, {"name": last}]
    scheme = document(initial=first, archive=last, stages=stages, transitions=moves)
    saving.save_scheme(registry, request(), scheme)
    scheme_assignment.assign_scheme(registry, request(), name, "own", None)


def family(registry: Services) -> None:
    """fraud is based on tuned, which is based on base and on a model elsewhere."""
    based_on(registry, "base")
    based_on(registry, "tuned", ("base", 1))
    elsewhere = [{"model": "tuned", "version": 1}, {"name": "acme/other"}]
    ready(registry, model(registry), provenance={"base_models": elsewhere, "datasets": [{"name": "clicks"}]})


def test_every_ancestor_is_found_and_named_by_the_base_model_that_leads_to_it(registry: Services) -> None:
    family(registry)
    license_as(registry, "base", "agpl-3.0")
    license_as(registry, "tuned", "apache-2.0")
    found = licensing_of(registry, MODEL, 1, {"license": "mit"})
    assert str(found.own) == "MIT" and found.complete
    assert {(one.through, str(one.license)) for one in found.inherited} == {
        ("tuned/1", "Apache-2.0"),
        ("acme/other", ""),
        ("tuned/1", "AGPL-3.0"),
    }


def test_other_versions_of_the_same_model_have_its_licence(registry: Services) -> None:
    ready(registry, model(registry))
    ready(registry, provenance={"base_models": [{"model": MODEL, "version": 1}]})
    assert licensing_of(registry, MODEL, 2, {"license": "mit"}).inherited == ()


def test_a_denied_licence_of_an_ancestor_blocks_a_move_until_it_is_another(registry: Services) -> None:
    family(registry)
    judged_by(registry, MODEL, {**LICENSES, "if_absent": "pass"})
    license_as(registry, "base", "agpl-3.0")
    with pytest.raises(GatesNotMetError) as refused:
        stages.transition(registry, request(), MODEL, 1, "live", None, None)
    assert "AGPL-3.0 of the base model tuned/1 is not allowed" in str(refused.value)
    license_as(registry, "base", "mit")
    stages.transition(registry, request(), MODEL, 1, "live", None, None)


def test_lineage_is_read_once_and_only_if_a_gate_asks(registry: Services) -> None:
    family(registry)
    judged_by(registry, MODEL, LICENSES, {**LICENSES, "name": "again"})
    calls = Calls(registry.client("dynamodb"))
    dry_runs.explain_transitions(registry, request().principal, MODEL, "1")
    # The version, its two origins, and the origin of one of these.
    assert calls.operations.count("Query") == 4
    judged_by(registry, MODEL)
    calls = Calls(registry.client("dynamodb"))
    dry_runs.explain_transitions(registry, request().principal, MODEL, "1")
    assert "Query" not in calls.operations


def test_a_format_is_judged_by_what_the_scan_found(registry: Services) -> None:
    version = ready(registry, model(registry))
    findings = Findings(version.number, 1, version.created_at, scanned({"model.bin": FileScan("pickle")}))
    registry.table.transact(
        [registry.table.put_write(MODEL_RECORDS.codec(Findings).written(model_head(registry, MODEL), findings))]
    )
    assert file_formats(registry, MODEL, version.number) == (FileFormat("model.bin", "pickle", scanned=True),)


def test_a_format_is_judged_by_the_name_where_nothing_was_scanned(registry: Services) -> None:
    ready(registry, model(registry))
    judged_by(registry, MODEL, FORMATS, {**FORMATS, "name": "torch", "deny": ["torch"]})
    found = dry_runs.explain_transition(registry, MODEL, "1", "live")
    assert found.examination is not None
    by_gate = {result.gate: (result.holds, result.reason) for result in found.examination.verdicts}
    assert by_gate == {
        "formats": (True, "the formats are torch, known by name only"),
        "torch": (False, "model.bin is torch by its name"),
    }
