"""What is recorded, and what is missing, to make a version again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from chalicelib.domain.versions.requirement import names_one, requirement_lines
from chalicelib.domain.versions.version import Version

_SEEDS: Final = ("seed", "random_seed", "random_state")


class Answer(StrEnum):
    """How much of an ingredient is recorded."""

    RECORDED = "recorded"
    PARTLY = "partly"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One of the things that it takes. ``found`` says what is recorded of it, ``advice`` what to record."""

    name: str
    answer: Answer
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that it takes to make a version again. ``complete``: nothing of it is missing, even in part."""

    ingredients: tuple[Ingredient, ...]

    @property
    def complete(self) -> bool:
        return all(one.answer is Answer.RECORDED for one in self.ingredients)


def recipe(version: Version) -> Recipe:
    """The ingredients of a version, in the order in which somebody who makes it again needs them."""
    return Recipe(tuple(Ingredient(name, *look(version)) for name, look in _INGREDIENTS.items()))


# The answer, what is found, and the advice.
_Found: TypeAlias = tuple[Answer, str, str]


def _code(version: Version) -> _Found:
    source = version.description.provenance.get("source")
    if source:
        return Answer.RECORDED, f"{source['repository']} at {source['commit']}", ""
    return Answer.MISSING, "", "Record the repository and the commit in provenance.source."


def _data(version: Version) -> _Found:
    datasets = version.description.provenance.get("datasets") or ()
    if not datasets:
        return Answer.MISSING, "", "Record the datasets with their digests in provenance.datasets."
    loose = [one["name"] for one in datasets if not one.get("digest")]
    found = f"{_many(len(datasets), 'dataset')}, {len(datasets) - len(loose)} by digest"
    if not loose:
        return Answer.RECORDED, found, ""
    return Answer.PARTLY, found, f"Record the digest of {loose[0]!r}: data that is only named may have changed since."


def _environment(version: Version) -> _Found:
    runtime = version.description.provenance.get("runtime") or {}
    requirements = requirement_lines(version.description.provenance)
    image = runtime.get("image") or ""
    if "@" in image:
        return Answer.RECORDED, f"the image {image}", ""
    if not requirements:
        advice = "Record the requirements with their versions in provenance.runtime, or the image by its digest."
        known = _runtime(runtime)
        return (Answer.PARTLY if known else Answer.MISSING), "; ".join(known), advice
    loose = [line for line in requirements if not names_one(line)]
    found = "; ".join([*_runtime(runtime), _many(len(requirements), "requirement")])
    if loose:
        return Answer.PARTLY, found, f"Pin {loose[0]!r} to a version."
    if not runtime.get("python"):
        return Answer.PARTLY, found, "Record the version of Python in provenance.runtime.python."
    return Answer.RECORDED, found, ""


def _runtime(runtime: Mapping[str, Any]) -> list[str]:
    """What is known of an environment besides its requirements."""
    python, image = runtime.get("python"), runtime.get("image")
    known = [f"the image {image}, known by no digest"] if image else []
    return [*known, f"Python {python}"] if python else known


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _base_models(version: Version) -> _Found:
    provenance, metadata = version.description.provenance, version.description.metadata
    given = provenance.get("base_models") or ()
    loose = [one["name"] for one in given if not one.get("model") and not one.get("revision")]
    on_the_card = metadata.get("base_model")
    if not given and on_the_card:
        advice = "Record the revision of the base model in provenance.base_models."
        named = ", ".join(map(str, on_the_card)) if isinstance(on_the_card, list) else on_the_card
        return Answer.PARTLY, f"{named}, of no known revision", advice
    if loose:
        return Answer.PARTLY, _many(len(given), "base model"), f"Record the revision of {loose[0]!r}."
    return Answer.RECORDED, _many(len(given), "base model") if given else "none is named", ""


def _parameters(version: Version) -> _Found:
    count = len(version.description.parameters)
    if count:
        return Answer.RECORDED, _many(count, "parameter"), ""
    return Answer.MISSING, "", "Record the parameters of the training in parameters."


def _seed(version: Version) -> _Found:
    given = version.description.parameters
    named = next((name for name in given if name.rpartition(".")[2].lower() in _SEEDS), None)
    if named is not None:
        return Answer.RECORDED, f"{named} = {given[named]}", ""
    return Answer.MISSING, "", "Record the random seed as a parameter such as random_state."


def _files(version: Version) -> _Found:
    if version.ready_at is None:
        return Answer.MISSING, "", "Upload the files and finalise the version, to compare what is made again with them."
    return Answer.RECORDED, f"{_many(version.file_count, 'file')}, digest {version.digest}", ""


_INGREDIENTS: Final[Mapping[str, Callable[[Version], _Found]]] = {
    "code": _code,
    "data": _data,
    "environment": _environment,
    "base_models": _base_models,
    "parameters": _parameters,
    "seed": _seed,
    "files": _files,
}
