"""Programs are for review, and unsafe where they pretend to be something else. What is not opened is for review."""

import base64
import gzip

import pytest

from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import codes, scanned, verdict, zipped

ELF = b"\x7fELF\x02\x01\x01" + bytes(100)
PE = b"MZ" + bytes(58) + b"\x40\0\0\0" + b"PE\0\0" + bytes(100)
MACH_O = b"\xcf\xfa\xed\xfe" + bytes(100)
LLAMAFILE = b"MZqFpD='\n" + bytes(100)


@pytest.mark.parametrize("program", [ELF, PE, MACH_O, LLAMAFILE])
def test_a_program_is_for_review_and_unsafe_if_it_is_called_like_data(program: bytes) -> None:
    for path in ("operators.so", "runtime.exe", "model.llamafile", "llama", "libgomp.so.1", "kernel.cubin"):
        assert codes(path, program) == {"executable"}
    for path in ("weights.bin", "model.pkl", "model.safetensors", "config.json"):
        assert verdict(path, program) is Verdict.UNSAFE


def test_numbers_that_begin_like_a_program_are_none() -> None:
    assert verdict("weights.bin", b"MZ" + bytes(200)) is Verdict.UNSCANNED


@pytest.mark.parametrize(
    ("path", "content", "name"),
    [
        ("model.7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "7z"),
        ("model.pt", b"7z\xbc\xaf\x27\x1c" + bytes(50), "7z"),
        ("model.rar", b"Rar!\x1a\x07\x01\0" + bytes(50), "rar"),
        ("model.zst", b"\x28\xb5\x2f\xfd" + bytes(50), "zstd"),
        ("model.lz4", b"\x04\x22\x4d\x18" + bytes(50), "lz4"),
        ("model.rds", b"RDX3\n" + bytes(50), "rds"),
        ("model.rds", gzip.compress(b"X\n\0\0\0\x03" + bytes(50), mtime=0), "rds"),
    ],
)
def test_what_is_not_opened_is_for_review(path: str, content: bytes, name: str) -> None:
    """nullifAI packed its pickles with 7z."""
    found = scanned(path, content)
    assert (found.format, found.verdict) == (name, Verdict.REVIEW)


def test_archives_that_run_code_are_for_review() -> None:
    assert codes("model.mar", zipped({"MAR-INF/MANIFEST.json": b"{}", "handler.py": b"x = 1"})) == {
        "torchserve",
        "python_code",
    }
    assert codes("model.jar", zipped({"META-INF/MANIFEST.MF": b"Main-Class: A\n"})) == {"java"}


@pytest.mark.parametrize("beginning", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a"])
def test_pictures_are_clean(beginning: bytes) -> None:
    assert verdict("plot", beginning + bytes(100)) is Verdict.CLEAN


def parquet(schema: bytes) -> bytes:
    return b"PAR1" + bytes(10) + schema + len(schema).to_bytes(4, "little") + b"PAR1"


def test_tables_are_clean_unless_a_column_is_loaded_by_a_pickle() -> None:
    """CVE-2023-47248."""
    assert verdict("table.parquet", parquet(b"schema")) is Verdict.CLEAN
    for before in range(6):
        arrow = base64.b64encode(b"\xff" * before + b"arrow.py_extension_type" + b"\xff" * 9)
        assert verdict("table.parquet", parquet(b"ARROW:schema\x18\x50" + arrow)) is Verdict.UNSAFE
    assert verdict("table.feather", b"ARROW1\0\0" + bytes(100)) is Verdict.CLEAN
    assert verdict("table.feather", b"ARROW1\0\0" + bytes(100) + b"arrow.py_extension_type") is Verdict.UNSAFE
    assert verdict("table.parquet", b"PAR1" + bytes(50)) is Verdict.REVIEW


def test_torchscript_that_touches_files_or_needs_a_library_is_for_review() -> None:
    def script(code: bytes) -> bytes:
        return zipped({"m/data.pkl": b"\x80\x02}.", "m/constants.pkl": b"\x80\x02).", "m/code/__torch__/m.py": code})

    assert codes("m.pt", script(b"return torch.relu(x)\n")) == {"torchscript"}
    assert codes("m.pt", script(b"return torch.from_file('/etc/passwd')\n")) == {"torchscript", "torchscript_file"}
    assert codes("m.pt", script(b"return ops.mine.run(x)\n")) == {"torchscript", "custom_operators"}
