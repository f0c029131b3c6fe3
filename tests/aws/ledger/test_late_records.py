"""What is imported late is named by text, so that nothing but these tests would find a wrong name."""

import subprocess
import sys
from importlib import import_module

import pytest

from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.model_records import MODEL_RECORDS
from chalicelib.aws.registry_records import REGISTRY_RECORDS
from chalicelib.domain.effects import MODEL_EFFECTS, MODEL_TELLS
from chalicelib.domain.ledger.late import Late

FUNCTIONS = [one for one in (*MODEL_EFFECTS, *MODEL_TELLS, *MODEL_RECORDS.projections) if isinstance(one, Late)]


@pytest.mark.parametrize("records", [MODEL_RECORDS, REGISTRY_RECORDS])
def test_the_codec_of_every_kind_is_found_by_the_module_of_its_records(records: Records) -> None:
    for codec in records:
        fresh = Records((), late=records.late)
        if codec.kind.__module__ in records.late:
            assert fresh.codec(codec.kind) is codec


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.name)
def test_every_late_function_is_there_and_follows_from_kinds_that_are(function: Late) -> None:
    assert callable(function.load())
    assert function.kinds <= {codec.kind.kind for codec in MODEL_RECORDS}


def test_no_late_module_is_imported_with_the_records() -> None:
    modules = {*MODEL_RECORDS.late.values(), *(one.module for one in FUNCTIONS)}
    program = "import sys, chalicelib.aws.model_records, chalicelib.domain.effects; print(*sys.modules)"
    # The names are this test's own, and the interpreter is that of the suite.
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not modules & set(done.stdout.split())
    assert all(import_module(module) for module in modules)
