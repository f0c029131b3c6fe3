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

OF_MODELS = [one for one in (*MODEL_EFFECTS, *MODEL_TELLS, *MODEL_RECORDS.projections) if isinstance(one, Late)]
OF_THE_REGISTRY = [one for one in REGISTRY_RECORDS.projections if isinstance(one, Late)]


@pytest.mark.parametrize("records", [MODEL_RECORDS, REGISTRY_RECORDS])
def test_the_codec_of_every_kind_is_found_by_the_module_of_its_records(records: Records) -> None:
    for codec in records:
        fresh = Records((), late=records.late)
        if codec.kind.__module__ in records.late:
            assert fresh.codec(codec.kind) is codec


@pytest.mark.parametrize(
    ("records", "function"),
    [*((MODEL_RECORDS, one) for one in OF_MODELS), *((REGISTRY_RECORDS, one) for one in OF_THE_REGISTRY)],
    ids=lambda one: getattr(one, "name", ""),
)
def test_every_late_function_is_there_and_follows_from_kinds_that_are(records: Records, function: Late) -> None:
    assert callable(function.load())
    assert function.kinds <= {codec.kind.kind for codec in records}


def test_no_late_module_is_imported_with_the_records() -> None:
    modules = {*MODEL_RECORDS.late.values(), *REGISTRY_RECORDS.late.values()}
    modules |= {one.module for one in (*OF_MODELS, *OF_THE_REGISTRY)}
    program = "import chalicelib.aws.model_records, chalicelib.aws.registry_records, chalicelib.domain.effects, sys\n"
    program += "print(*sys.modules)"
    # The names are this test's own, and the interpreter is that of the suite.
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not modules & set(done.stdout.split())
    assert all(import_module(module) for module in modules)
