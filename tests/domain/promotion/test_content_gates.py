"""Gates that look at what a version contains: its licences, inherited ones among them, and the formats of its files."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.licenses.licensing import Inherited, Licensing
from chalicelib.domain.licenses.stated import StatedLicense, stated_license
from chalicelib.domain.promotion.gate_results import GateResult
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.format_names import FileFormat, file_format
from tests.domain.schemes.documents import check, facts, gate, result_of

ELSEWHERE = StatedLicense("", None, "it is no version of this registry")


def licensed(own: str | None, *inherited: tuple[str, str], complete: bool = True) -> Licensing:
    fields = {} if own is None else {"license": own}
    ancestors = tuple(Inherited(through, stated_license({"license": text})) for through, text in inherited)
    return Licensing(stated_license(fields), ancestors, complete)


def judged(found: Licensing, checks: dict[str, Any] | None = None, **policy: Any) -> GateResult:
    return result_of(gate("licenses", **policy), replace(facts(checks=checks), licensing=lambda: found))


def test_an_allowed_licence_passes_and_any_other_fails() -> None:
    result = judged(licensed("apache-2.0"), allow=["Apache-2.0"])
    assert (result.holds, result.actual) == (True, ["Apache-2.0"])
    assert result.reason == "Apache-2.0 of the model is allowed"
    refused = judged(licensed("gpl-3.0"), allow=["Apache-2.0"])
    assert (refused.holds, refused.reason) == (False, "GPL-3.0 of the model is not allowed")
    assert refused.needed == "licences among Apache-2.0"


def test_the_strictest_licence_along_the_lineage_counts() -> None:
    found = licensed("mit", ("acme/base/3", "apache-2.0"), ("acme/base/3", "agpl-3.0"))
    result = judged(found, deny=["AGPL-*"])
    assert (result.holds, result.actual) == (False, ["MIT", "Apache-2.0", "AGPL-3.0"])
    assert result.reason == "AGPL-3.0 of the base model acme/base/3 is not allowed"


def test_an_ancestor_elsewhere_is_named_as_unknown() -> None:
    found = Licensing(stated_license({"license": "mit"}), (Inherited("meta-llama/Llama-3", ELSEWHERE),))
    result = judged(found, allow=["MIT"])
    assert (result.holds, result.actual) == (False, ["MIT", "unknown"])
    assert result.reason == (
        "the licence of the base model meta-llama/Llama-3 is not known: it is no version of this registry"
    )
    assert judged(found, allow=["MIT"], if_absent="pass").holds


def test_a_lineage_that_is_not_read_to_its_end_is_unknown() -> None:
    found = licensed("mit", complete=False)
    assert judged(found, allow=["MIT"]).reason == "the lineage has more ancestors than are looked at"
    assert not judged(found, allow=["MIT"]).holds


def test_a_licence_that_is_not_understood_counts_as_absent() -> None:
    result = judged(licensed("Mine"), deny=["GPL-*"])
    assert not result.holds
    assert result.reason.startswith("the licence 'Mine' of the model is not understood: 'Mine' is no licence of")
    assert judged(licensed("Mine"), deny=["GPL-*"], if_absent="pass").holds


def test_a_text_in_the_licence_of_a_base_model_is_not_repeated() -> None:
    result = judged(licensed("mit", ("acme/base/3", "Ask Ada about the deal with Initech")), allow=["MIT"])
    assert not result.holds
    assert result.reason == "the licence of the base model acme/base/3 is not known: it is not SPDX"
    assert "Initech" not in str(result)


def test_what_is_for_review_waits_for_its_check() -> None:
    policy = {"allow": ["MIT"], "review": ["LicenseRef-*"], "check": "legal"}
    found = licensed("gemma")
    waiting = judged(found, **policy)
    assert not waiting.holds
    assert waiting.reason == "LicenseRef-Gemma of the model is for review; the check legal has not been reported"
    assert judged(found, {"legal": check(True)}, **policy).holds
    assert not judged(found, {"legal": check(False)}, **policy).holds


def test_a_passed_review_does_not_allow_what_is_denied() -> None:
    policy = {"deny": ["AGPL-*"], "review": ["LicenseRef-*"], "check": "legal"}
    assert not judged(licensed("gemma AND agpl-3.0"), {"legal": check(True)}, **policy).holds


def test_approvals_are_bound_to_the_licences() -> None:
    one, other = (judged(licensed(text), allow=["MIT", "Zlib"]) for text in ("mit", "zlib"))
    assert one.holds and other.holds
    assert one.seen != other.seen


FILES = (
    FileFormat("model.bin", "pickle", scanned=True),
    FileFormat("weights.safetensors", "safetensors", scanned=False),
)


def of_formats(*files: FileFormat, **document: Any) -> GateResult:
    return result_of(gate("formats", **document), replace(facts(), file_formats=lambda: files))


def test_a_denied_format_fails_and_the_file_is_named_with_how_it_is_known() -> None:
    result = of_formats(*FILES, deny=["pickle"])
    assert (result.holds, result.actual) == (False, ["pickle", "safetensors"])
    assert result.reason == "model.bin is pickle as the scan found"
    assert result.needed == "no file of the formats pickle"
    assert of_formats(*FILES, deny=["onnx"]).reason == (
        "the formats are pickle, safetensors, of 1 of 2 files by name only"
    )


def test_only_allowed_formats_pass() -> None:
    result = of_formats(*FILES, allow=["pickle"])
    assert (result.holds, result.reason) == (False, "weights.safetensors is safetensors by its name")
    assert of_formats(*FILES, allow=["pickle", "safetensors"]).holds


def test_many_refused_files_are_counted() -> None:
    files = [FileFormat(f"{number}.pkl", "pickle", scanned=False) for number in range(7)]
    assert of_formats(*files, deny=["pickle"]).reason.endswith("4.pkl is pickle by its name, 2 more files")


@pytest.mark.parametrize(
    ("path", "scan", "found"),
    [
        ("model.safetensors", None, ("safetensors", False)),
        ("model.safetensors", FileScan("pickle"), ("pickle", True)),
        ("model.safetensors", FileScan(""), ("safetensors", False)),
        ("a/MODEL.TAR.GZ", None, ("tar", False)),
        ("model.pkl/readme", None, ("unknown", False)),
        ("LICENSE", None, ("unknown", False)),
    ],
)
def test_the_content_says_the_format_before_the_name(path: str, scan: FileScan | None, found: tuple[str, bool]) -> None:
    assert file_format(path, scan) == FileFormat(path, *found)
