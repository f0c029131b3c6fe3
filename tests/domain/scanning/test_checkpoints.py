"""A checkpoint of any size is scanned by reading its directory, its headers and its pickle, but no tensor."""

from math import log2

import pytest

from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import GIB, MIB, RUNS_A_SHELL, Counted, SparseZip, checkpoint


@pytest.mark.parametrize(("tensors", "each"), [(300, 7 * MIB), (2, 6 * GIB)], ids=["2 GB", "12 GB, zip64"])
def test_a_large_checkpoint_is_clean_after_less_than_a_megabyte(tensors: int, each: int) -> None:
    source = Counted(checkpoint(tensors, each))
    found = scan_file("model.pt", source)
    assert (found.format, found.verdict, found.reasons) == ("torch", Verdict.CLEAN, ())
    assert found.imports == ("collections.OrderedDict", "torch.FloatStorage", "torch._utils._rebuild_tensor_v2")
    assert source.bytes < MIB
    # Whether it is HDF5 as well takes a read for each double of 512 bytes.
    assert source.reads < 20 + 2 * tensors + log2(source.size / 512)


def test_a_pickle_at_the_end_of_a_large_checkpoint_is_found() -> None:
    made = SparseZip()
    made.add("model/data.pkl", b"\x80\x02}.")
    made.add("model/data/0", 2 * GIB)
    made.add("model/extra.bin", RUNS_A_SHELL)
    source = Counted(made.finished())
    found = scan_file("model.pt", source)
    assert found.verdict is Verdict.UNSAFE
    assert [(reason.code, reason.where) for reason in found.reasons] == [("denied_import", "model/extra.bin")]
    assert source.bytes < MIB


def test_bytes_of_a_tensor_that_look_like_a_pickle_are_not_unpickled_by_anyone() -> None:
    made = SparseZip()
    made.add("model/data.pkl", b"\x80\x02}.")
    made.add("model/data/0", RUNS_A_SHELL)
    assert scan_file("model.pt", made.finished()).verdict is Verdict.CLEAN
