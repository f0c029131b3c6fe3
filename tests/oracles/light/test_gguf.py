"""Headers of GGUF are refused wherever the library's reader refuses them. Where the scan is stricter is named here."""

from pathlib import Path
from typing import Final

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes
from chalicelib.domain.scanning.verdict import Verdict

# What the reader takes and the scan does not. It follows lengths over the end of the file, counts elements in 64 bits
# that overflow, and reads files for machines of the other byte order.
STRICTER: Final = {
    "The file ends in the middle of a field.",
    "A text is not in UTF-8.",
    "A value is a list of lists.",
    "A tensor has more than 4 dimensions.",
    "A tensor is not aligned.",
    "A tensor ends after the file does.",
    "More of it would have to be read than a scan may.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gguf")


@pytest.fixture(scope="module")
def written(folder: Path) -> bytes:
    path = folder / "written.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_chat_template("{{ messages[0]['content'] }}")
    writer.add_token_list(["<s>", "</s>", "a"])
    writer.add_token_scores([0.0, 1.0, 2.0])
    writer.add_context_length(4096)
    writer.add_bool("general.flag", True)
    writer.add_tensor("a", np.ones((2, 4), np.float32))
    writer.add_tensor("b", np.ones(34, np.uint8), raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


def refused_by_library(folder: Path, content: bytes) -> bool:
    path = folder / "changed.gguf"
    path.write_bytes(content)
    try:
        gguf.GGUFReader(path)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError, MemoryError, UnicodeDecodeError):
        return True
    return False


def check(folder: Path, content: bytes) -> None:
    """Whatever the library refuses is refused; what only the scan refuses is on the list."""
    found = scan_file("model.gguf", Bytes(content))
    refused = refused_by_library(folder, content)
    if refused:
        assert found.verdict is not Verdict.CLEAN, content
    elif any(reason.code in {"malformed", "too_large", "disguised"} for reason in found.reasons):
        assert found.reasons[0].text in STRICTER or found.reasons[0].text.startswith("It is of version"), found


def test_what_the_library_writes_is_clean(written: bytes) -> None:
    found = scan_file("model.gguf", Bytes(written))
    assert (found.format, found.reasons) == ("gguf", ())


@settings(max_examples=300)
@given(data=st.data())
def test_a_changed_byte_is_refused_where_the_library_refuses_it(
    folder: Path, written: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(written) - 128))
    # Lengths of more than a byte make the library walk through lists of millions of values.
    byte = data.draw(st.integers(0, 255))
    check(folder, written[:at] + bytes([byte]) + written[at + 1 :])


@given(data=st.data())
def test_a_file_that_is_cut_is_refused_where_the_library_refuses_it(
    folder: Path, written: bytes, data: st.DataObject
) -> None:
    check(folder, written[: data.draw(st.integers(1, len(written)))])


@pytest.mark.parametrize("kind", list(gguf.GGMLQuantizationType))
def test_every_type_of_tensor_has_the_size_that_the_library_gives_it(folder: Path, kind: int) -> None:
    _, length = gguf.GGML_QUANT_SIZES[kind]
    path = folder / "type.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tensor("a", np.ones((2, 3 * length), np.uint8), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    content = path.read_bytes()
    unpadded = content[: len(content) - (-(2 * 3 * length) % 32)]
    assert scan_file("model.gguf", Bytes(unpadded)).verdict is Verdict.CLEAN
    assert scan_file("model.gguf", Bytes(unpadded[:-1])).verdict is Verdict.REVIEW
