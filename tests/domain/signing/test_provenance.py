"""SLSA provenance: what is read from the predicates that builders make."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.signing.provenance import SLSA_V02, SLSA_V1, Provenance, provenance_of, repository_of

COMMIT = "c27d339ee6075c1f744c5d4b200f7901aad2c369"
REPOSITORY = "https://github.com/acme/fraud"
BUILDER = "https://github.com/acme/workflows/.github/workflows/build.yml@refs/tags/v1"
# As GitHub attests builds: https://docs.github.com/en/actions/security-for-github-actions/using-artifact-attestations
GITHUB: dict[str, Any] = {
    "buildDefinition": {
        "buildType": "https://actions.github.io/buildtypes/workflow/v1",
        "externalParameters": {
            "workflow": {"ref": "refs/heads/main", "repository": REPOSITORY, "path": ".github/workflows/train.yml"}
        },
        "resolvedDependencies": [
            {"uri": f"git+{REPOSITORY}@refs/heads/main", "digest": {"gitCommit": COMMIT}},
            {"uri": "git+https://github.com/acme/data@refs/heads/main", "digest": {"gitCommit": "d" * 40}},
        ],
    },
    "runDetails": {"builder": {"id": BUILDER}},
}
# As the generator of the SLSA project made them before version 1.
V02: dict[str, Any] = {
    "builder": {"id": BUILDER},
    "buildType": "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
    "invocation": {"configSource": {"uri": f"git+{REPOSITORY}@refs/tags/v2", "digest": {"sha1": COMMIT}}},
    "materials": [{"uri": f"git+{REPOSITORY}@refs/tags/v2", "digest": {"sha1": COMMIT}}],
}


def read(predicate: Any, predicate_type: str = SLSA_V1) -> Provenance:
    found = provenance_of({"predicateType": predicate_type, "predicate": predicate})
    assert found is not None
    return found


def with_definition(**changed: Any) -> dict[str, Any]:
    return {**GITHUB, "buildDefinition": {**GITHUB["buildDefinition"], **changed}}


def test_a_build_on_github_names_builder_repository_commit_and_type() -> None:
    assert read(GITHUB) == Provenance(BUILDER, REPOSITORY, COMMIT, "https://actions.github.io/buildtypes/workflow/v1")


def test_version_0_2_is_read_too_also_without_materials() -> None:
    expected = Provenance(BUILDER, REPOSITORY, COMMIT, V02["buildType"])
    assert read(V02, SLSA_V02) == expected
    assert read({**V02, "materials": []}, SLSA_V02) == expected


def test_other_predicates_are_no_provenance() -> None:
    assert provenance_of({"predicateType": "https://cyclonedx.org/bom", "predicate": GITHUB}) is None
    assert provenance_of({}) is None


def test_the_only_repository_among_the_dependencies_is_the_source() -> None:
    source = {"uri": f"git+{REPOSITORY}@refs/heads/main", "digest": {"gitCommit": COMMIT}}
    archive = {"uri": "https://files.example/data.tar", "digest": {"sha1": "d" * 40}}
    found = read(with_definition(externalParameters={}, resolvedDependencies=[archive, source]))
    assert (found.repository, found.commit) == (REPOSITORY, COMMIT)


def test_of_several_repositories_none_is_guessed() -> None:
    found = read(with_definition(externalParameters={}))
    assert (found.repository, found.commit) == ("", "")


def test_two_commits_of_the_repository_name_none() -> None:
    two = [{"uri": f"git+{REPOSITORY}@x", "digest": {"gitCommit": commit * 40}} for commit in "ab"]
    assert read(with_definition(resolvedDependencies=two)) == Provenance(
        BUILDER, REPOSITORY, "", "https://actions.github.io/buildtypes/workflow/v1"
    )


def test_a_commit_of_another_repository_is_not_the_commit() -> None:
    other = [{"uri": "git+https://github.com/mallory/fraud", "digest": {"gitCommit": COMMIT}}]
    found = read(with_definition(resolvedDependencies=other))
    assert (found.repository, found.commit) == (REPOSITORY, "")


@pytest.mark.parametrize(
    ("uri", "repository"),
    [
        ("git+https://github.com/acme/fraud@refs/heads/main", REPOSITORY),
        ("git+https://github.com/acme/fraud.git@refs/heads/a@b", REPOSITORY),
        ("https://github.com/acme/fraud/", REPOSITORY),
        ("git+ssh://git@github.com/acme/fraud.git", "ssh://git@github.com/acme/fraud"),
        ("git+https://github.com/acme/fraud@abc?x#y", REPOSITORY),
        ("https://[broken", ""),
        ("https://github.com/acme/../eve/x", ""),
        ("https://github.com/acme/%2E%2e/eve/x", ""),
        ("pkg:pypi/numpy@2.0", ""),
        ("https://github.com", ""),
        ("", ""),
    ],
)
def test_a_repository_is_written_in_one_way(uri: str, repository: str) -> None:
    assert repository_of(uri) == repository


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("buildDefinition", "runDetails", "builder", "id", "externalParameters", "workflow", "source"),
                    *("repository", "resolvedDependencies", "uri", "digest", "gitCommit", "materials", "invocation"),
                    *("configSource", "buildType"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from([SLSA_V1, SLSA_V02]))
def test_whatever_a_predicate_holds_texts_come_of_it(predicate: Any, predicate_type: str) -> None:
    found = read(json.loads(json.dumps(predicate)), predicate_type)
    assert all(isinstance(value, str) for value in found.document().values())
