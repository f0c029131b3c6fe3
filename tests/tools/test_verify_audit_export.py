"""Every change of an export is reported with its place, and an unchanged export is intact."""

import copy
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.audit import merkle
from tests.tools.exports import Event, Export, events_of, public_pem, put, rechained
from tests.tools.verifier import SCRIPT, load_verifier

LEDGER = "model:fraud"
FILE = "ledgers/fraud.jsonl"
KEY = ec.generate_private_key(ec.SECP256R1())
SIGNATURE = KEY.sign(b"content", ec.ECDSA(hashes.SHA256()))
VERIFIER = load_verifier()

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
contents = st.lists(json_values, min_size=3, max_size=8)
many = settings(max_examples=15)


def anchored(values: list[Any]) -> Export:
    """Two ledgers, anchored after half of the events and again at the end."""
    events = events_of(LEDGER, values)
    export = Export({LEDGER: events[: len(events) // 2], "registry": events_of("registry", [1, 2])})
    export.anchor(KEY)
    export.ledgers[LEDGER] = events
    export.anchor(KEY)
    return export


def report_of(export: Export, tamper: Callable[[Path], object] = lambda _: None) -> Any:
    with tempfile.TemporaryDirectory() as directory:
        written = export.write(Path(directory))
        tamper(written)
        return VERIFIER.verify(written, (KEY.public_key().public_numbers().x, KEY.public_key().public_numbers().y))


def places(report: Any) -> set[tuple[str | None, int | None, int | None]]:
    """File, line and sequence of every fault."""
    return {(fault.file, fault.line, fault.sequence) for fault in report.faults}


def faults_text(report: Any) -> str:
    return "\n".join(str(fault) for fault in report.faults)


def rewritten(export: Export, events: list[Event]) -> Export:
    """The export with other events, and a manifest that matches them."""
    return Export({**export.ledgers, LEDGER: events}, export.anchors, export.scope)


@many
@given(contents)
def test_what_the_registry_writes_is_intact(values: list[Any]) -> None:
    report = report_of(anchored(values))
    assert report.faults == []
    assert (report.ledgers, report.events, report.anchors, report.signatures) == (2, len(values) + 2, 2, 2)
    assert report.notes == []


@many
@given(contents, st.data())
def test_one_changed_byte_is_named_by_its_line(values: list[Any], data: st.DataObject) -> None:
    export = anchored(values)
    lines = [json.dumps(event) for event in export.ledgers[LEDGER]]
    chosen = data.draw(st.integers(0, len(lines) - 1), label="line")
    flip = data.draw(st.integers(1, 255), label="flip")
    where = data.draw(st.floats(0, 1, exclude_max=True), label="where")

    def tamper(directory: Path) -> None:
        content = (directory / FILE).read_bytes().split(b"\n")
        line = bytearray(content[chosen])
        line[int(where * len(line))] ^= flip
        content[chosen] = bytes(line)
        put(directory, FILE, b"\n".join(content))

    report = report_of(export, tamper)
    assert any(fault.file == FILE and fault.line == chosen + 1 for fault in report.faults), faults_text(report)
    assert "SHA-256 is not the one in the manifest" in faults_text(report)


@many
@given(contents, st.data())
def test_an_edited_event_is_named_even_if_the_manifest_agrees(values: list[Any], data: st.DataObject) -> None:
    export = anchored(values)
    events = copy.deepcopy(export.ledgers[LEDGER])
    chosen = data.draw(st.integers(0, len(events) - 1))
    events[chosen]["actor"] = "token:someone-else"
    report = report_of(rewritten(export, events))
    assert (FILE, chosen + 1, chosen + 1) in places(report)
    assert "was edited" in faults_text(report)


@many
@given(contents, st.data())
def test_a_removed_event_is_named_by_its_sequence(values: list[Any], data: st.DataObject) -> None:
    export = anchored(values)
    events = list(export.ledgers[LEDGER])
    chosen = data.draw(st.integers(0, len(events) - 2))
    del events[chosen]
    report = report_of(rewritten(export, events))
    assert (FILE, chosen + 1, chosen + 1) in places(report)
    assert f"event {chosen + 1} is missing" in faults_text(report)


@many
@given(contents, st.data())
def test_a_reordered_pair_is_named(values: list[Any], data: st.DataObject) -> None:
    export = anchored(values)
    events = list(export.ledgers[LEDGER])
    chosen = data.draw(st.integers(0, len(events) - 2))
    events[chosen], events[chosen + 1] = events[chosen + 1], events[chosen]
    report = report_of(rewritten(export, events))
    faults = [fault for fault in report.faults if "out of order" in fault.what]
    assert [(fault.line, fault.sequence) for fault in faults] == [(chosen + 2, chosen + 1)]


@many
@given(contents, st.data())
def test_an_insertion_with_everything_after_it_forged_anew_is_caught_by_the_anchors(
    values: list[Any], data: st.DataObject
) -> None:
    export = anchored(values)
    events = list(export.ledgers[LEDGER])
    chosen = data.draw(st.integers(0, len(events) - 1))
    forged = {**events[chosen], "actor": "token:forger", "id": "forged"}
    report = report_of(rewritten(export, rechained([*events[:chosen], forged, *events[chosen:]])))
    assert report.faults, "the chain itself is whole: only anchors can tell"
    # The first anchor that disagrees bounds the place from both sides.
    half, whole = len(values) // 2, len(values)
    since, until = (1, half) if chosen < half else (half + 1, whole)
    assert f"rewritten between events {since} and {until}" in faults_text(report)
    assert (FILE, until, until) in places(report)


@many
@given(contents, st.data())
def test_an_insertion_that_leaves_the_rest_is_named(values: list[Any], data: st.DataObject) -> None:
    export = anchored(values)
    events = list(export.ledgers[LEDGER])
    chosen = data.draw(st.integers(0, len(events) - 1))
    forged = rechained([*events[:chosen], {**events[chosen], "actor": "token:forger"}])[-1]
    report = report_of(rewritten(export, [*events[: chosen + 1], forged, *events[chosen + 1 :]]))
    assert f"{FILE} line {chosen + 2}: a second event {chosen + 1}" in faults_text(report)


@many
@given(contents, st.data())
def test_a_cut_end_is_caught_by_the_anchor(values: list[Any], data: st.DataObject) -> None:
    export = anchored(values)
    kept = data.draw(st.integers(0, len(values) - 1))
    report = report_of(rewritten(export, export.ledgers[LEDGER][:kept]))
    assert f"the file ends at event {kept}: its end was cut off" in faults_text(report)
    assert (FILE, None, len(values)) in places(report)


def test_a_duplicated_line_is_named() -> None:
    export = anchored([1, 2, 3])
    events = list(export.ledgers[LEDGER])
    report = report_of(rewritten(export, [*events, events[1]]))
    assert f"{LEDGER}, event 2, {FILE} line 4: a duplicate of line 2" in faults_text(report)


def test_a_ledger_left_out_of_a_full_export_is_named() -> None:
    export = anchored([1, 2, 3])
    del export.ledgers["registry"]
    assert "registry: anchor 1 names this ledger, but the export does not have it" in faults_text(report_of(export))
    export.scope = "selected"
    report = report_of(export)
    assert report.faults == []
    assert any("selected ledgers" in note for note in report.notes)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda entry: entry.update(count=7), "the manifest says count 7, the file has 3"),
        (lambda entry: entry.update(first_sequence=2), "first_sequence"),
        (lambda entry: entry.update(last_sequence=2), "last_sequence"),
        (lambda entry: entry.update(last_hash="0" * 64), "last_hash"),
        (lambda entry: entry.update(sha256="0" * 64), "SHA-256 is not the one in the manifest"),
        (lambda entry: entry.update(file="ledgers/none.jsonl"), "the file that the manifest names is missing"),
        (lambda entry: entry.update(ledger="model:other"), "the event belongs to the ledger 'model:fraud'"),
    ],
)
def test_a_manifest_that_differs_from_the_files_is_named(change: Callable[[Any], None], expected: str) -> None:
    def tamper(directory: Path) -> None:
        manifest = json.loads((directory / "manifest.json").read_bytes())
        change(manifest["ledgers"][0])
        put(directory, "manifest.json", json.dumps(manifest).encode())

    assert expected in faults_text(report_of(anchored([1, 2, 3]), tamper))


def test_a_file_that_the_manifest_does_not_name_is_named() -> None:
    report = report_of(anchored([1, 2, 3]), lambda directory: (directory / "more.txt").touch())
    assert "more.txt: the manifest does not name this file" in faults_text(report)


@pytest.mark.parametrize("text", [b"", b"\n\n", b"[]\n", b"{}\n", b'{"sequence": true}\n', b"\xff\n", b"[" * 100_000])
def test_a_file_of_anything_is_a_fault_and_no_crash(text: bytes) -> None:
    assert faults_text(report_of(anchored([1, 2, 3]), lambda directory: put(directory, FILE, text)))


def test_every_empty_line_is_named_however_many_there_are() -> None:
    export = anchored([1, 2, 3])
    report = report_of(export, lambda directory: put(directory, FILE, b"\n" * 100_000))
    assert sum(fault.what == "an empty line" for fault in report.faults) == 100_000


# Anchors


def test_an_anchor_that_was_left_out_is_named() -> None:
    export = anchored([1, 2, 3])
    export.anchor(KEY)
    del export.anchors[1]
    assert "anchor 3 follows anchor 1" in faults_text(report_of(export))


def test_an_anchor_that_was_replaced_does_not_fit_the_one_after_it() -> None:
    export, other = anchored([1, 2, 3]), anchored([1, 2, 3, 4])
    export.anchors[0] = other.anchors[0]
    assert "names another anchor 1 than the one that is here" in faults_text(report_of(export))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("root", "0" * 64, "root is not that of its leaves"),
        ("count", 9, "says count 9"),
        ("leaves", [], "root is not that of its leaves"),
        ("leaves", [["registry", 0, "x"]], "not an anchor of format 1"),
        ("format", 2, "not an anchor of format 1"),
        ("time", "2020-01-01T00:00:00.000Z", "signature was not made with the key"),
        ("signature", None, "is not signed"),
        ("signature", {"algorithm": "none", "value": ""}, "signature was not made with the key"),
        ("signature", {"algorithm": "ECDSA_SHA_256", "value": "é"}, "signature was not made with the key"),
        ("number", True, "not an anchor of format 1"),
        ("number", 2.0, "not an anchor of format 1"),
        ("previous", {"number": 1, "sha256": "0" * 64}, "names another anchor 1"),
    ],
)
def test_an_anchor_that_was_changed_is_named(field: str, value: Any, expected: str) -> None:
    export = anchored([1, 2, 3])
    changed = {**json.loads(export.anchors[1]), field: value}
    export.anchors[1] = VERIFIER.canonical(changed)
    report = report_of(export)
    assert expected in faults_text(report)
    assert any(fault.file == "anchors/000000002.json" for fault in report.faults)


@pytest.mark.parametrize("emptied", [0, 1])
def test_an_anchor_that_was_emptied_is_named(emptied: int) -> None:
    export = anchored([1, 2, 3])
    export.anchors[emptied] = b""
    assert f"anchors/00000000{emptied + 1}.json: the anchor is not JSON" in faults_text(report_of(export))


def test_with_a_key_an_export_without_anchors_is_not_intact(tmp_path: Path) -> None:
    """A forger of everything would leave out what cannot be forged."""
    export = anchored([1, 2, 3])
    forged = Export({LEDGER: events_of(LEDGER, [1, 9, 3])})
    assert "no anchor, so none is signed with the key" in faults_text(report_of(forged))
    own = tmp_path / "own"
    put(own, "000000001.json", export.anchors[0])
    numbers = KEY.public_key().public_numbers()
    written = Export(export.ledgers).write(tmp_path / "export")
    assert VERIFIER.verify(written, (numbers.x, numbers.y), own).faults == []


def test_events_after_the_last_anchor_are_noted() -> None:
    export = anchored([1, 2, 3])
    export.ledgers[LEDGER] = events_of(LEDGER, [1, 2, 3, 4])
    report = report_of(export)
    assert report.faults == []
    assert any(f"{LEDGER} after event 3" in note for note in report.notes)


def test_an_export_is_checked_against_anchors_that_the_verifier_keeps(tmp_path: Path) -> None:
    """If everything is rewritten, anchors too, only a copy of the bucket or the key can show it."""
    export, forged = Export({LEDGER: events_of(LEDGER, [1, 2])}), Export({LEDGER: events_of(LEDGER, [1, 3])})
    export.anchor()
    forged.anchor()
    own = tmp_path / "own"
    put(own, "000000001.json", export.anchors[0])
    written = forged.write(tmp_path / "export")
    assert VERIFIER.verify(written).faults == []
    assert "anchor 1 has another hash for this event" in faults_text(VERIFIER.verify(written, anchors=own))


@given(st.lists(st.binary(max_size=6), max_size=40))
def test_its_tree_is_the_registrys(leaves: list[bytes]) -> None:
    assert VERIFIER.merkle_root(leaves) == merkle.root(leaves)


# Signatures, against another implementation


@many
@given(st.binary(max_size=64), st.integers(1, 2**200))
def test_it_accepts_what_another_implementation_signs_and_nothing_else(content: bytes, secret: int) -> None:
    key = ec.derive_private_key(secret, ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    point = (numbers.x, numbers.y)
    signature = key.sign(content, ec.ECDSA(hashes.SHA256()))
    assert VERIFIER.verify_signature(point, content, signature)
    assert not VERIFIER.verify_signature(point, content + b"x", signature)
    other = ec.derive_private_key(secret + 1, ec.SECP256R1()).public_key().public_numbers()
    assert not VERIFIER.verify_signature((other.x, other.y), content, signature)


@many
@given(st.data())
def test_no_changed_byte_of_a_signature_is_accepted(data: st.DataObject) -> None:
    signature = bytearray(SIGNATURE)
    at = data.draw(st.integers(0, len(signature) - 1))
    signature[at] ^= data.draw(st.integers(1, 255))
    numbers = KEY.public_key().public_numbers()
    assert not VERIFIER.verify_signature((numbers.x, numbers.y), b"content", bytes(signature))


def test_numbers_out_of_range_are_no_signature() -> None:
    """CVE-2022-21449: r = s = 0 must not verify; nor may n, which is 0 modulo n."""
    numbers = KEY.public_key().public_numbers()
    zero = bytes.fromhex("3006020100020100")
    order = b"\x02\x21\x00" + VERIFIER.N.to_bytes(32, "big")
    for signature in (zero, b"\x30\x46" + order + order, b"", b"\x30\x00"):
        assert not VERIFIER.verify_signature((numbers.x, numbers.y), b"content", signature)


def test_the_curve_is_the_one_of_the_standard() -> None:
    """Once the base point is the base point; its order times it is infinity."""
    numbers = ec.derive_private_key(1, ec.SECP256R1()).public_key().public_numbers()
    assert VERIFIER.multiply(1, VERIFIER.G) == (numbers.x, numbers.y)
    assert VERIFIER.multiply(VERIFIER.N, VERIFIER.G) is None


# As a script


def script(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the script in isolated mode: no environment, no user site, nothing of this project on the path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def test_the_script_says_intact_with_status_0(tmp_path: Path) -> None:
    written = anchored([1, 2, 3]).write(tmp_path / "export")
    pem = tmp_path / "key.pem"
    pem.write_bytes(public_pem(KEY))
    ran = script(written, "--key", pem)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "intact: 2 ledgers, 5 events, 2 anchors, 2 signatures\n"
    document = json.loads(script(written, "--json").stdout)
    assert document["intact"] is True
    assert any("signatures were not checked" in note for note in document["notes"])


def test_the_script_names_faults_with_status_1(tmp_path: Path) -> None:
    export = anchored([1, 2, 3])
    del export.ledgers[LEDGER][1]
    written = export.write(tmp_path / "export")
    ran = script(written)
    assert ran.returncode == 1
    assert f"FAULT  {LEDGER}, event 2, {FILE} line 2: event 2 is missing before this line" in ran.stdout
    document = json.loads(script(written, "--json").stdout)
    assert document["intact"] is False
    assert {"what", "file", "line", "ledger", "sequence"} == set(document["faults"][0])


def test_the_script_ends_with_status_2_if_there_is_nothing_to_verify(tmp_path: Path) -> None:
    written = anchored([1, 2, 3]).write(tmp_path / "export")
    pem = tmp_path / "key.pem"
    pem.write_bytes(public_pem(ec.generate_private_key(ec.SECP384R1())))
    for arguments in ((tmp_path,), (written, "--key", pem), (written, "--key", written), (written, "--anchors", pem)):
        ran = script(*arguments)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("cannot verify: ")
    for manifest in (b"{", b"[]", b'{"format":2}', b'{"format":1,"ledgers":[1],"anchors":[]}'):
        put(written, "manifest.json", manifest)
        assert script(written).returncode == 2


def test_a_manifest_cannot_send_the_verifier_elsewhere(tmp_path: Path) -> None:
    written = anchored([1, 2, 3]).write(tmp_path / "export")
    put(tmp_path, "secret", b"x")
    manifest = json.loads((written / "manifest.json").read_bytes())
    manifest["ledgers"][0]["file"] = "../secret"
    put(written, "manifest.json", json.dumps(manifest).encode())
    assert "outside of the export" in script(written).stderr


@pytest.mark.parametrize("file", ["a\0b", "\ud800", "loop", "ledgers", "pipe"])
def test_a_file_name_that_names_no_file_is_no_crash(tmp_path: Path, file: str) -> None:
    written = anchored([1, 2, 3]).write(tmp_path / "export")
    (written / "loop").symlink_to("loop")
    os.mkfifo(written / "pipe")
    manifest = json.loads((written / "manifest.json").read_bytes())
    manifest["ledgers"][0]["file"] = file
    put(written, "manifest.json", json.dumps(manifest).encode())
    for arguments in ((written,), (written, "--json")):
        ran = script(*arguments)
        assert (ran.returncode, ran.stderr) == (1, "")
        assert "the file that the manifest names is missing" in ran.stdout


def test_a_manifest_nested_without_end_cannot_be_verified(tmp_path: Path) -> None:
    put(tmp_path, "manifest.json", b"[" * 200_000)
    ran = script(tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")


def test_a_manifest_with_a_name_twice_cannot_be_verified(tmp_path: Path) -> None:
    """Another reader might use the other value."""
    written = anchored([1, 2, 3]).write(tmp_path / "export")
    manifest = (written / "manifest.json").read_bytes()
    put(written, "manifest.json", b'{"scope":"selected",' + manifest[1:])
    ran = script(written)
    assert (ran.returncode, ran.stdout) == (2, "")


def test_what_an_export_says_cannot_pass_for_a_line_of_the_report(tmp_path: Path) -> None:
    written = anchored([1, 2, 3]).write(tmp_path / "export")
    forged = "model:x\x1b[2J\x9b2J\nintact: 2 ledgers\u202e"
    manifest = json.loads((written / "manifest.json").read_bytes())
    manifest["ledgers"][0]["ledger"] = forged
    put(written, "manifest.json", json.dumps(manifest).encode())
    ran = script(written)
    assert ran.returncode == 1
    assert all(line.startswith(("FAULT  ", "note   ", "NOT INTACT")) for line in ran.stdout.splitlines())
    assert not set("\x1b\x9b\u202e") & set(ran.stdout)
    assert json.loads(script(written, "--json").stdout)["faults"][0]["ledger"] == forged


def test_a_report_is_written_whatever_the_terminal_can_show(tmp_path: Path) -> None:
    written = Export({"model:é": events_of("model:other", [1])}).write(tmp_path / "export")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        [sys.executable, str(SCRIPT), str(written)], capture_output=True, text=True, check=False, env=environment
    )
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "model:\\xe9" in ran.stdout


def test_it_imports_nothing_but_the_standard_library_and_opens_no_connection() -> None:
    imported = {
        line.split()[1].partition(".")[0]
        for line in SCRIPT.read_text().splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
    assert not imported & {"socket", "ssl", "http", "urllib", "ftplib", "asyncio"}
