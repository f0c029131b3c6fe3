"""SLSA provenance: who built the files of a version, from which repository and commit.

Only what a predicate says is read here. It is worth as much as the signature of the statement that carries it.

https://slsa.dev/spec/v1.0/provenance
https://slsa.dev/spec/v0.2/provenance
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

SLSA_V1: Final = "https://slsa.dev/provenance/v1"
SLSA_V02: Final = "https://slsa.dev/provenance/v0.2"
PROVENANCE_TYPES: Final = (SLSA_V1, SLSA_V02)
# Longer texts are not taken: they are no names that a scheme could list.
MAX_TEXT: Final = 1_024
# The digests of a dependency that name a commit. SLSA 0.2 and some builders call it sha1.
_COMMIT_DIGESTS: Final = ("gitCommit", "sha1")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
# Where builders say in ``externalParameters`` which repository they built: GitHub, Google Cloud Build, GitLab, and
# the build types of the SLSA project.
_STATED_REPOSITORIES: Final = (
    ("workflow", "repository"),
    ("buildConfigSource", "repository"),
    ("source", "uri"),
    ("source",),
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a provenance says of a build. An empty field: it does not say, or not clearly.

    ``builder`` identifies who built, ``build_type`` how. ``repository`` is the URL of the source, without ``git+``,
    ``.git`` and the reference. ``commit`` is the commit of it, in hexadecimal.
    """

    builder: str = ""
    repository: str = ""
    commit: str = ""
    build_type: str = ""

    def document(self) -> dict[str, str]:
        return {
            "builder": self.builder,
            "repository": self.repository,
            "commit": self.commit,
            "build_type": self.build_type,
        }


def provenance_of(statement: Mapping[str, Any]) -> Provenance | None:
    """What a statement says of a build; None if its predicate is not SLSA provenance 1 or 0.2."""
    predicate_type, predicate = statement.get("predicateType"), _mapping(statement.get("predicate"))
    if predicate_type == SLSA_V1:
        return _of_v1(predicate)
    return _of_v02(predicate) if predicate_type == SLSA_V02 else None


def repository_of(uri: str) -> str:
    """The repository that a URI names, written as schemes list repositories.

    ``git+https://github.com/acme/fraud.git@refs/heads/main`` is ``https://github.com/acme/fraud``.
    """
    try:
        parts = urlsplit(uri.removeprefix("git+"))
    except ValueError:
        return ""
    path = parts.path.partition("@")[0].rstrip("/").removesuffix(".git")
    # Steps up would pass by a pattern such as https://github.com/acme/*.
    if not parts.netloc or not path or not {".", ".."}.isdisjoint(unquote(path).split("/")):
        return ""
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _of_v1(predicate: Mapping[str, Any]) -> Provenance:
    definition, details = _mapping(predicate.get("buildDefinition")), _mapping(predicate.get("runDetails"))
    stated = repository_of(_stated_repository(_mapping(definition.get("externalParameters"))))
    repository, commit = _source(stated, definition.get("resolvedDependencies"))
    return Provenance(
        builder=_text(_mapping(details.get("builder")).get("id")),
        repository=repository,
        commit=commit,
        build_type=_text(definition.get("buildType")),
    )


def _of_v02(predicate: Mapping[str, Any]) -> Provenance:
    configured = _mapping(_mapping(predicate.get("invocation")).get("configSource"))
    stated = repository_of(_text(configured.get("uri")))
    repository, commit = _source(stated, predicate.get("materials"))
    return Provenance(
        builder=_text(_mapping(predicate.get("builder")).get("id")),
        repository=repository,
        commit=commit or (_commit(configured) if stated else ""),
        build_type=_text(predicate.get("buildType")),
    )


def _stated_repository(parameters: Mapping[str, Any]) -> str:
    """The first repository that the parameters name."""
    for path in _STATED_REPOSITORIES:
        found: Any = parameters
        for name in path:
            found = _mapping(found).get(name)
        if text := _text(found):
            return text
    return ""


def _source(stated: str, dependencies: object) -> tuple[str, str]:
    """The repository that was built and its commit.

    If the build does not state its repository, it is the only one among the dependencies. Of several, none is guessed.
    """
    commits: dict[str, set[str]] = {}
    for repository, commit in _repositories(dependencies):
        commits.setdefault(repository, set()).add(commit)
    repository = stated or (next(iter(commits)) if len(commits) == 1 else "")
    found = commits.get(repository, set())
    return repository, next(iter(found)) if len(found) == 1 else ""


def _repositories(dependencies: object) -> Iterator[tuple[str, str]]:
    """Each repository among the dependencies, with the commit of it that was used."""
    for given in dependencies if isinstance(dependencies, list) else ():
        dependency = _mapping(given)
        uri, digests = _text(dependency.get("uri")), _mapping(dependency.get("digest"))
        repository, commit = repository_of(uri), _commit(dependency)
        # What else has a SHA-1, such as an archive, is no repository.
        if repository and commit and (uri.startswith("git+") or "gitCommit" in digests):
            yield repository, commit


def _commit(source: Mapping[str, Any]) -> str:
    """The commit that a dependency's digests name; empty if they name none."""
    digests = _mapping(source.get("digest"))
    named = (_text(digests.get(name)) for name in _COMMIT_DIGESTS)
    return next((commit for commit in named if _COMMIT.fullmatch(commit)), "")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= MAX_TEXT else ""
