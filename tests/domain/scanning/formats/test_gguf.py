"""GGUF is judged by its metadata, and by whether its tensors are where it says."""

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import GIB, MIB, Counted, Sparse, codes, scanned, verdict
from tests.domain.scanning.formats.headers import GgufTensor, GgufValue, gguf

PATH = "model.gguf"
PLAIN: list[tuple[str, GgufValue]] = [
    ("general.architecture", "llama"),
    ("general.alignment", 32),
    ("tokenizer.ggml.tokens", ["<s>", "</s>", "a"]),
    ("tokenizer.chat_template", "{% for message in messages %}{{ message['content'] }}{% endfor %}"),
]
F32, Q8_0 = 0, 8


def test_a_model_whose_tensors_are_where_it_says_is_clean() -> None:
    tensors = [("a", [4], F32, 0), ("b", [32, 2], Q8_0, 32)]
    found = scanned(PATH, gguf(PLAIN, tensors, bytes(32 + 68)))
    assert (found.format, found.reasons) == ("gguf", ())


def test_only_what_is_before_the_weights_is_read() -> None:
    file = Sparse()
    file.add(gguf(PLAIN, [("a", [GIB], F32, 0)]))
    file.add_zeros(4 * GIB)
    source = Counted(file)
    assert scan_file(PATH, source).verdict is Verdict.CLEAN
    assert source.bytes < MIB


@pytest.mark.parametrize(
    ("tensors", "length"),
    [
        ([("a", [4], F32, 0)], 15),
        ([("a", [4], F32, 1)], 64),
        ([("a", [4], 99, 0)], 64),
        ([("a", [33], Q8_0, 0)], 64),
        ([("a", [1] * 5, F32, 0)], 64),
        ([("a", [4], F32, 0), ("a", [4], F32, 32)], 64),
        ([("a", [1 << 63, 4], F32, 0)], 64),
    ],
)
def test_a_tensor_that_cannot_be_where_it_is_said_is_for_review(tensors: Sequence[GgufTensor], length: int) -> None:
    assert codes(PATH, gguf(PLAIN, tensors, bytes(length))) == {"malformed"}


@pytest.mark.parametrize(
    "value",
    [
        ("general.architecture", "again"),
        ("general.alignment", 24),
        ("general.alignment", "32"),
        ("x", struct.pack("<L", 13)),
        ("x", struct.pack("<LLQ", 9, 9, 1)),
        ("x", struct.pack("<LQ", 8, 1 << 62)),
        ("x", struct.pack("<LLQ", 9, 8, 1 << 40)),
        ("x", struct.pack("<LLQ", 9, 0, 1 << 40)),
        ("x", struct.pack("<LQ", 8, 1) + b"\xff"),
        ("GGUF.version", 3),
    ],
)
def test_metadata_that_readers_may_disagree_about_is_for_review(value: tuple[str, GgufValue]) -> None:
    assert verdict(PATH, gguf([("general.architecture", "llama"), value])) is Verdict.REVIEW


@pytest.mark.parametrize("version", [0, 1, 4, 3 << 24])
def test_a_version_that_is_not_known_is_for_review(version: int) -> None:
    assert verdict(PATH, gguf(version=version)) is Verdict.REVIEW


def test_a_prefix_that_is_longer_than_a_scan_reads_is_for_review() -> None:
    assert codes(PATH, gguf([("tokens", ["a" * 1000] * 20_000)])) == {"too_large"}


@pytest.mark.parametrize("name", ["tokenizer.chat_template", "tokenizer.chat_template.tool_use"])
def test_a_chat_template_that_leaves_its_messages_is_unsafe(name: str) -> None:
    """CVE-2024-34359."""
    found = scanned(PATH, gguf([(name, "{{ messages.__class__.__mro__[1].__subclasses__() }}")]))
    assert (found.verdict, found.reasons[0].where) == (Verdict.UNSAFE, name)


def test_a_credential_in_the_metadata_is_for_review() -> None:
    assert codes(PATH, gguf([("general.url", "https://x?key=AKIA" + "A1" * 8)])) == {"secret"}


@given(at=st.integers(0, 1000), byte=st.integers(0, 255))
def test_a_changed_byte_never_raises(at: int, byte: int) -> None:
    content = bytearray(gguf(PLAIN, [("a", [4], F32, 0)], bytes(32)))
    content[at % len(content)] = byte
    scanned(PATH, bytes(content))
