"""Requirements that pin what they name."""

import pytest
from moorage import PackagingError
from moorage.packaging.requirements import Requirements, of_pylock

ONE, TWO = "a" * 64, "b" * 64


def test_pinned_requirements_are_kept_as_they_are() -> None:
    text = "# made by a tool\nnumpy==2.4.6\nscikit-learn[alldeps] == 1.9.1 ; python_version < '3.14'  # trees\n"
    assert Requirements.parse(text, "requirements.txt") == Requirements(text, hashed=False)
    assert Requirements.parse("numpy==2.4.6", "requirements.txt").text == "numpy==2.4.6\n"


def test_hashes_of_every_line_are_noticed() -> None:
    text = f"--only-binary :all:\nnumpy==2.4.6 \\\n    --hash=sha256:{ONE} \\\n    --hash=sha256:{TWO}\n"
    assert Requirements.parse(text, "requirements.txt").hashed
    with pytest.raises(PackagingError, match="hashes for some requirements only"):
        Requirements.parse(f"{text}scipy==1.17.0\n", "requirements.txt")


@pytest.mark.parametrize("line", ["numpy", "numpy>=2", "numpy==2.*", "numpy==2,<3", "numpy @ https://x/y.whl", "./own"])
def test_a_requirement_that_is_not_pinned_is_refused_by_name(line: str) -> None:
    with pytest.raises(PackagingError) as refused:
        Requirements.parse(f"scipy==1.17.0\n{line}\n", "requirements.txt of fraud/3")
    assert f"requirements.txt of fraud/3 does not pin {line!r}" in refused.value.message


@pytest.mark.parametrize("line", ["-r other.txt", "-rother.txt", "-c limits.txt", "-e .", "--requirement=other.txt"])
def test_a_line_that_leads_elsewhere_is_refused(line: str) -> None:
    with pytest.raises(PackagingError, match="leads to other files"):
        Requirements.parse(f"{line}\n", "requirements.txt")


def test_nothing_is_required_by_an_empty_text() -> None:
    assert Requirements.parse("", "provenance") == Requirements("", hashed=True)


def test_more_can_be_added_with_hashes_only_if_the_rest_has_them() -> None:
    plain = Requirements.parse("numpy==2.4.6\n", "provenance")
    assert plain.adding(("pandas==3.1.1",)).text == "numpy==2.4.6\npandas==3.1.1\n"
    with pytest.raises(PackagingError, match="does not pin 'pandas'"):
        plain.adding(("pandas",))
    with pytest.raises(PackagingError, match="for some requirements only"):
        plain.adding((f"pandas==3.1.1 --hash=sha256:{ONE}",))


def lock(body: str, version: str = "1.0") -> str:
    return f'lock-version = "{version}"\ncreated-by = "a tool"\n{body}'


NUMPY = f"""
[[packages]]
name = "numpy"
version = "2.4.6"
marker = "python_version >= '3.12'"
sdist = {{name = "numpy-2.4.6.tar.gz", hashes = {{sha256 = "{TWO}"}}}}
[[packages.wheels]]
name = "numpy-2.4.6-cp312-cp312-manylinux_2_28_x86_64.whl"
hashes = {{sha256 = "{ONE}"}}
"""


def test_a_lock_of_pep_751_becomes_requirements_with_hashes() -> None:
    found = of_pylock(lock(NUMPY), "pylock.toml")
    assert found.text == (f"numpy==2.4.6 ; python_version >= '3.12' --hash=sha256:{ONE} --hash=sha256:{TWO}\n")
    assert found.hashed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lock-version = ", "is not TOML"),
        (lock("", "2.0"), "the lock-version '2.0'"),
        (lock('[[packages]]\nname = "own"\n[packages.directory]\npath = "."\n'), "locks 'own' without a version"),
        (lock('[[packages]]\nname = "own"\nversion = "1"\n'), "locks 'own' without a version or a SHA-256"),
        (lock(NUMPY.replace("python_version >= '3.12'", "'gpu' in extras")), "for an extra or a group only"),
    ],
)
def test_a_lock_that_cannot_be_installed_the_same_each_time_is_refused(text: str, words: str) -> None:
    with pytest.raises(PackagingError) as refused:
        of_pylock(text, "pylock.toml of fraud/3")
    assert refused.value.message.startswith("pylock.toml of fraud/3") and words in refused.value.message
