"""Requirements: which name one version of a package, beside what pip's library reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from chalicelib.domain.versions.requirement import Requirement, names_one, normalised, requirement

names = st.from_regex(r"\A[A-Za-z0-9]([A-Za-z0-9._-]{0,10}[A-Za-z0-9])?\Z")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("numpy==2.1.0", Requirement("numpy", "2.1.0")),
        ("numpy === 2.1.0", Requirement("numpy", "2.1.0")),
        ("numpy (==2.1.0)", Requirement("numpy", "2.1.0")),
        ("Torch[cuda,x]==2.5.0+cpu ; python_version > '3.8'", Requirement("torch", "2.5.0+cpu")),
        ("numpy==2.1.0 --hash=sha256:aa --hash=sha256:bb", Requirement("numpy", "2.1.0")),
        ("numpy==2.1.0  # because", Requirement("numpy", "2.1.0")),
        ("numpy>=1,==2.1.0", Requirement("numpy", "2.1.0")),
        ("numpy==2.1.0,==2.2.0", Requirement("numpy", None)),
        ("numpy==2.*", Requirement("numpy", None)),
        ("numpy>=2", Requirement("numpy", None)),
        ("numpy", Requirement("numpy", None)),
        ("ours @ https://example.com/a.whl", Requirement("ours", None)),
        ("git+https://example.com/a.git", None),
        ("https://example.com/a.whl", None),
        ("-r other.txt", None),
        ("--no-index", None),
        ("# a comment", None),
        ("", None),
    ],
)
def test_a_line_is_read_as_pip_would(line: str, expected: Requirement | None) -> None:
    assert requirement(line) == expected


@given(names)
def test_names_are_normalised_as_pip_does(name: str) -> None:
    assert normalised(name) == canonicalize_name(name)


@given(names, st.sampled_from(["==1.0", " == 1.0", ">=1", "~=1.4", "==1.*", "", "[a]==1.0", "<2,>1", "!=1.0"]))
def test_pins_are_what_pip_takes_for_pins(name: str, wanted: str) -> None:
    try:
        parsed = Parsed(name + wanted)
    except InvalidRequirement:
        return
    exact = [one.version for one in parsed.specifier if one.operator == "==" and not one.version.endswith("*")]
    assert requirement(name + wanted) == Requirement(canonicalize_name(parsed.name), exact[0] if exact else None)


def test_an_address_names_one_file() -> None:
    assert names_one("ours @ https://example.com/a.whl")
    assert not names_one("ours>=1 ; platform == 'a @ b'")
