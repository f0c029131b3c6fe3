"""What picklescan and fickling call dangerous is not clean here, except for what is listed with its reason.

Both read pickles and load nothing. Both are asked as strictly as they can be.
"""

import io
from collections.abc import Iterator

import pytest
from fickling.analysis import Severity, check_safety
from fickling.fickle import Pickled
from picklescan.scanner import SafetyLevel, scan_pickle_bytes

from chalicelib.domain.scanning.source import Bytes
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.scanning.second_opinion import SECOND
from tests.domain.scanning.pickles.corpus import CARRIED, HOSTILE, PLAIN, Hostile
from tests.domain.scanning.pickles.scanned import scanned
from tests.oracles.light.benign import benign

# What picklescan's strict mode calls dangerous and this scan allows. Its list of what is safe has some functions of
# NumPy and torch, OrderedDict, and the simplest of the builtins, and it calls everything else dangerous.
STRICTER = {
    # Types of Python that hold data. Their calls build values, whatever the arguments are.
    "__builtin__": "bytearray bytes complex list object set slice xrange",
    "builtins": "bytearray complex list range set slice",
    "collections": "Counter defaultdict deque",
    "datetime": "date datetime timedelta timezone",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "pathlib": "PurePosixPath",
    # Classes that are created, and get their state without a call of __init__.
    "argparse": "Namespace",
    "uuid": "UUID",
    # How protocols before 3 write bytes and instances. Here their arguments are judged, too: only Latin-1 passes, and
    # only instances of allowed classes made from object.
    "_codecs": "encode",
    "copy_reg": "_reconstructor",
    # Values, arrays and generators of NumPy. What is handed to them to be called is judged.
    "numpy": "float64 log1p",
    "numpy._core.multiarray": "scalar",
    "numpy._core.numeric": "_frombuffer",
    "numpy.random._mt19937": "MT19937",
    "numpy.random._pcg64": "PCG64",
    "numpy.random._pickle": "__bit_generator_ctor __generator_ctor __randomstate_ctor",
    "numpy.random.bit_generator": "SeedSequence __pyx_unpickle_SeedSequence",
}
# Their classes and what rebuilds them are allowed by exact pairs: nothing of theirs is on picklescan's list.
UNKNOWN_TO_PICKLESCAN = ("pandas", "scipy", "sklearn")
# What fickling calls overtly malicious by a name in it, such as ``pickle`` in a path or ``uuid``, in harmless pickles.
MALICIOUS_BY_NAME = {
    "from numpy.random._pickle import __bit_generator_ctor",
    "from numpy.random._pickle import __generator_ctor",
    "from numpy.random._pickle import __randomstate_ctor",
    "from __builtin__ import xrange",
    "from uuid import UUID",
}


def clean() -> Iterator[tuple[str, bytes]]:
    """Whatever is clean here: of harmless pickles all, of the corpus what only carries another as data."""
    yield from benign()
    yield from ((f"carried {number}", content) for number, content in enumerate(CARRIED))
    for hostile in HOSTILE:
        if hostile.kind == PLAIN and scanned(hostile.content).verdict is Verdict.CLEAN:
            yield hostile.name, hostile.content


def test_harmless_pickles_are_clean() -> None:
    assert {
        name: scanned(content).reasons for name, content in benign() if scanned(content).verdict != Verdict.CLEAN
    } == {}


def test_picklescan_calls_nothing_clean_dangerous_but_what_is_listed() -> None:
    dangerous = {
        (found.module, found.name)
        for name, content in clean()
        for found in scan_pickle_bytes(io.BytesIO(content), name, strict=True).globals
        if found.safety is SafetyLevel.Dangerous and found.module.split(".")[0] not in UNKNOWN_TO_PICKLESCAN
    }
    assert dangerous == {(module, name) for module, names in STRICTER.items() for name in names.split()}


def test_fickling_calls_nothing_clean_malicious_but_what_is_listed() -> None:
    """It calls every import from outside of the standard library likely unsafe. That is less than malicious."""
    found, asked = set(), 0
    for _, content in clean():
        try:
            results = check_safety(Pickled.load(content)).results
        except NotImplementedError:
            # It knows neither the numbers of protocol 0 nor the byte arrays of protocol 5.
            continue
        asked += 1
        found |= {result.trigger for result in results if result.severity >= Severity.LIKELY_OVERTLY_MALICIOUS}
    assert found == MALICIOUS_BY_NAME
    assert asked > 50


@pytest.mark.parametrize("hostile", [each for each in HOSTILE if each.kind == PLAIN], ids=str)
def test_what_picklescan_calls_dangerous_is_not_clean(hostile: Hostile) -> None:
    found = scan_pickle_bytes(io.BytesIO(hostile.content), hostile.name, strict=True)
    assert not found.issues_count or scanned(hostile.content).verdict in (Verdict.REVIEW, Verdict.UNSAFE)


def test_the_second_opinion_keeps_no_harmless_model_in_quarantine() -> None:
    scans = ((name, SECOND.scan("model.pkl", Bytes(content))) for name, content in clean())
    assert {name: scan.reasons for name, scan in scans if scan.verdict is not Verdict.CLEAN} == {}


@pytest.mark.parametrize("hostile", [each for each in HOSTILE if each.kind == PLAIN], ids=str)
def test_the_second_opinion_is_at_least_that_of_picklescan_on_what_is_not_allowed(hostile: Hostile) -> None:
    """A pickle that ran something and that this scan called clean would be kept in quarantine all the same."""
    dangerous = scan_pickle_bytes(io.BytesIO(hostile.content), hostile.name).issues_count
    if dangerous and scanned(hostile.content).verdict is not Verdict.CLEAN:
        assert SECOND.scan("model.pkl", Bytes(hostile.content)).verdict in (Verdict.REVIEW, Verdict.UNSAFE)
