"""The text of the Dockerfile."""

import pytest
from moorage import PackagingError
from moorage.packaging.dockerfile import check_base, dockerfile
from moorage.packaging.environment import Environment
from moorage.packaging.requirements import Requirements
from moorage.serving.bundle import Bundle

BUNDLE = Bundle("fraud", 3, "d" * 64, (), None, (), ())
PINNED = f"registry.example.com/python:3.12-slim@sha256:{'a' * 64}"


def written(base: str = PINNED, *, hashed: bool = False, url: str | None = None, **labels: str) -> list[str]:
    environment = Environment(base, Requirements("numpy==2.4.6\n", hashed), "provenance.runtime.requirements")
    return dockerfile(BUNDLE, environment, {"title": "fraud", **labels}, url, "moorage.serving").splitlines()


def test_it_starts_from_the_base_and_is_labelled_with_the_digest_of_the_version() -> None:
    text = "\n".join(written(version="1.4.0"))
    assert f"\nFROM {PINNED}\n" in text
    for label in (
        'org.opencontainers.image.title="fraud"',
        'org.opencontainers.image.version="1.4.0"',
        'org.opencontainers.image.base.name="registry.example.com/python:3.12-slim"',
        f'org.opencontainers.image.base.digest="sha256:{"a" * 64}"',
        f'MOORAGE_DIGEST="{"d" * 64}"',
    ):
        assert f"{label}" in text


def test_a_base_by_tag_has_no_digest_to_label() -> None:
    assert "base.digest" not in "\n".join(written("python:3.12.4-slim"))


def test_hashes_are_required_where_they_are_known() -> None:
    (install,) = [line for line in written(hashed=True) if "pip install" in line]
    assert install.endswith("--require-hashes -r requirements.txt")
    assert not [line for line in written() if "--require-hashes" in line]


def test_the_model_is_copied_or_downloaded_with_a_token_that_stays_out_of_the_image() -> None:
    assert "COPY model ./model" in written()
    lines = written(url="https://registry.example.com/v")
    assert "COPY model ./model" not in lines and 'ARG MOORAGE_URL="https://registry.example.com/v"' in lines
    (step,) = [line for line in lines if "--mount=type=secret,id=moorage-token" in line]
    assert step.startswith("RUN ")


def test_a_label_stays_one_text_whatever_is_in_it() -> None:
    text = "\n".join(written(source='a"b\\c$HOME\nRUN rm -rf /'))
    assert r'source="a\"b\\c\$HOME RUN rm -rf /"' in text
    assert "\nRUN rm" not in text


DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize("base", ["python:3.12", "python@sha256:abc", f"a b@{DIGEST}", "", f"@{DIGEST}"])
def test_a_base_that_is_not_pinned_is_refused(base: str) -> None:
    with pytest.raises(PackagingError, match="NAME@sha256:DIGEST"):
        check_base(base)
    check_base(PINNED)
