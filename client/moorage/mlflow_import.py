"""Bringing models from an MLflow server into the registry: by the registry's own calls, as often as one likes.

What was imported says so in the tag ``imported.mlflow``, which holds its address in MLflow, so that a run that was cut
off is taken up by the next one, and a later one brings only what is new.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from moorage.client import Client
from moorage.errors import (
    ConflictError,
    ForbiddenError,
    IntegrityError,
    InvalidRequestError,
    NotFoundError,
)
from moorage.mlflow_source import PROMPT_TAG, MlflowSource, SourceFiles, SourceModel, SourceVersion, UnreadableError
from moorage.progress import Progress, Silent
from moorage.results import Model, Version
from moorage.versions import VersionContent
from moorage.workers import run_all

SOURCE_TAG: Final = "imported.mlflow"
NUMBER_TAG: Final = "imported.mlflow.version"
_TEXT_TAG: Final = "mlflow.prompt.text"
_REASON: Final = "imported from MLflow"
# A prompt is its tags.
_NO_FILES: Final = SourceFiles("", "", (), trusted=True)
# The registry's bounds on tags, two of which are ours.
_MOST_TAGS: Final = 48
_LONGEST_TAG: Final = 50_000
_LONGEST_KEY: Final = 250
_LONGEST_VALUE: Final = 5_000
# What concerns one thing; anything else, such as a registry that does not answer, ends the run.
_OF_ONE_THING: Final = (
    ConflictError,
    ForbiddenError,
    IntegrityError,
    InvalidRequestError,
    NotFoundError,
    UnreadableError,
)


class Outcome(StrEnum):
    """PRESENT: it was there already. PLANNED: a run that is not a rehearsal would bring it."""

    IMPORTED = "imported"
    PRESENT = "present"
    PLANNED = "planned"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one thing. ``kind`` is model, version, tag, alias or stage; ``name`` is MLflow's for it.

    ``version`` is the number in the registry where that is known; ``reason`` says why something was left out.
    """

    model: str
    kind: str
    name: str
    outcome: Outcome
    version: int | None = None
    files: int = 0
    size: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MlflowImport:
    """``follow`` moves aliases and stages that point or stand elsewhere here; otherwise they are left alone."""

    source: MlflowSource
    client: Client
    prefix: str = ""
    dry_run: bool = False
    follow: bool = False
    threads: int = 8
    progress: Progress = field(default_factory=Silent)

    def run(self) -> Iterator[Entry]:
        """Bring model after model, and tell of everything when it has been done."""
        for model in self.source.models(self.prefix):
            try:
                yield from self._model(model)
            except _OF_ONE_THING as error:
                yield Entry(model.name, "model", model.name, Outcome.LEFT_OUT, reason=error.message)

    def _model(self, model: SourceModel) -> Iterator[Entry]:
        tags, dropped = self._tags(model.tags, self._address(model.name))
        target = self._existing(model.name)
        if target is None and not self.dry_run:
            self.client.models.create(model.name, description=model.description, tags=tags)
        yield Entry(model.name, "model", model.name, self._done() if target is None else Outcome.PRESENT)
        if target is None:
            yield from (Entry(model.name, "tag", key, Outcome.LEFT_OUT, reason=why) for key, why in dropped.items())
        versions = self.source.versions(model)
        known = {} if target is None else self._known(versions)
        for version in versions:
            entry, here = self._version(version, known.get(version.number))
            if here is not None:
                known[version.number] = here
            yield entry
            if entry.outcome in (Outcome.IMPORTED, Outcome.PLANNED):
                yield from self._dropped_tags(version, entry.version)
        yield from self._aliases(model, target, known)
        yield from self._stages(versions, target, known)

    def _existing(self, name: str) -> Model | None:
        try:
            return self.client.models.get(name)
        except NotFoundError:
            return None

    def _known(self, versions: list[SourceVersion]) -> dict[int, Version]:
        """The versions that an earlier run registered, by MLflow's number."""
        if not versions:
            return {}
        numbers = {self._address(version.model, version.number): version.number for version in versions}
        found = self.client.versions.list(versions[0].model)
        return {numbers[address]: here for here in found if (address := here.tags.get(SOURCE_TAG, "")) in numbers}

    def _version(self, version: SourceVersion, here: Version | None) -> tuple[Entry, Version | None]:
        """What became of a version, and the version here, if there is one that is READY."""
        told = partial(Entry, version.model, "version", str(version.number))
        if here is not None and here.ready:
            return told(Outcome.PRESENT, version=self._numbered(version, here).number), here
        if version.status != "READY":
            return told(Outcome.LEFT_OUT, reason=f"it is {version.status} in MLflow"), None
        try:
            files = _NO_FILES if version.tags.get(PROMPT_TAG) == "true" else self.source.files(version)
            told = partial(told, files=len(files.files), size=files.size)
            if self.dry_run:
                return told(Outcome.PLANNED), None
            brought = self._numbered(version, self._bring(version, here, files))
        except _OF_ONE_THING as error:
            return told(Outcome.LEFT_OUT, reason=str(error)), None
        return told(Outcome.IMPORTED, version=brought.number), brought

    def _bring(self, version: SourceVersion, here: Version | None, files: SourceFiles) -> Version:
        with tempfile.TemporaryDirectory(prefix="moorage-import-") as temporary:
            directory = Path(temporary)
            self._download(files, directory)
            if here is not None:
                return self.client.resume(version.model, here.number, directory, progress=self.progress)
            content = self._content(version)
            return self.client.register(version.model, directory, progress=self.progress, **content)

    def _download(self, files: SourceFiles, directory: Path) -> None:
        self.progress.started("fetch", len(files.files), files.size)
        try:
            jobs = [
                partial(self.source.download, files, file, directory, self.progress.advanced) for file in files.files
            ]
            run_all(jobs, self.threads)
        finally:
            self.progress.finished("fetch")

    def _content(self, version: SourceVersion) -> VersionContent:
        tags, dropped = self._tags(version.tags, self._address(version.model, version.number))
        if _TEXT_TAG in dropped:
            raise UnreadableError(f"its text is too long: {dropped[_TEXT_TAG]}")
        run = {key: value for key, value in (("id", version.run_id), ("url", version.run_link)) if value}
        provenance: dict[str, object] = {"run": run} if run else {}
        if version.source:
            provenance["artifact_source"] = {"uri": version.source}
        if version.user:
            provenance["author"] = version.user
        content: VersionContent = {"description": version.description, "tags": tags, "provenance": provenance}
        if version.created:
            content["metadata"] = {"mlflow": {"created_at": datetime.fromtimestamp(version.created / 1000, UTC)}}
        if version.run_id:
            measured = self.source.run(version.run_id)
            content["parameters"] = {
                key: value for key, value in measured.parameters.items() if _fits(key) and len(value) <= _LONGEST_VALUE
            }
            content["metrics"] = {key: value for key, value in measured.metrics.items() if _fits(key)}
        return content

    def _numbered(self, version: SourceVersion, here: Version) -> Version:
        """The version here, which says MLflow's number if it could not keep it."""
        if here.number == version.number or here.tags.get(NUMBER_TAG) == str(version.number) or self.dry_run:
            return here
        return self.client.versions.update(
            version.model, here.number, tags={**here.tags, NUMBER_TAG: str(version.number)}
        )

    def _dropped_tags(self, version: SourceVersion, number: int | None) -> Iterator[Entry]:
        _, dropped = self._tags(version.tags, "")
        for key, why in dropped.items():
            name = f"{version.number}: {key}"
            yield Entry(version.model, "tag", name, Outcome.LEFT_OUT, version=number, reason=why)

    def _aliases(self, model: SourceModel, target: Model | None, known: Mapping[int, Version]) -> Iterator[Entry]:
        present = {} if target is None else target.aliases
        for alias, number in sorted(model.aliases.items()):
            told = partial(Entry, model.name, "alias", alias)
            here = known.get(number)
            if here is None and self.dry_run:
                yield told(Outcome.PLANNED)
            elif here is None:
                yield told(Outcome.LEFT_OUT, reason=f"version {number}, at which it points, was not imported")
            elif present.get(alias) == here.number:
                yield told(Outcome.PRESENT, version=here.number)
            elif alias in present and not self.follow:
                why = f"here it points at version {present[alias]}; --follow moves it to {here.number}"
                yield told(Outcome.LEFT_OUT, version=present[alias], reason=why)
            else:
                yield self._set_alias(told, model.name, alias, here.number)

    def _set_alias(self, told: "partial[Entry]", model: str, alias: str, number: int) -> Entry:
        try:
            if not self.dry_run:
                self.client.aliases.set(model, alias, number, reason=_REASON)
        except _OF_ONE_THING as error:
            return told(Outcome.LEFT_OUT, reason=error.message)
        return told(self._done(), version=number)

    def _stages(
        self, versions: list[SourceVersion], target: Model | None, known: Mapping[int, Version]
    ) -> Iterator[Entry]:
        staged = [version for version in versions if version.stage != "None"]
        if not staged:
            return
        unborn = target is None and self.dry_run
        scheme = self.client.schemes.default() if unborn else self.client.schemes.of(staged[0].model)
        stages = _StagesHere.of(scheme.document)
        holders = {stages.here(version.stage): version.number for version in staged}
        for version in staged:
            told = partial(Entry, version.model, "stage", f"{version.number}: {version.stage}")
            name, here = stages.here(version.stage), known.get(version.number)
            if name is None:
                yield told(Outcome.LEFT_OUT, reason=f"the scheme {scheme.name!r} has no such stage")
            elif name in stages.exclusive and holders[name] != version.number:
                why = f"{name} holds one version here; the newest of MLflow's is {holders[name]}"
                yield told(Outcome.LEFT_OUT, reason=why)
            elif here is None:
                yield self._unmoved(told)
            else:
                yield self._stage(told, stages, here, name)

    def _unmoved(self, told: "partial[Entry]") -> Entry:
        if self.dry_run:
            return told(Outcome.PLANNED)
        return told(Outcome.LEFT_OUT, reason="the version was not imported")

    def _stage(self, told: "partial[Entry]", stages: "_StagesHere", here: Version, name: str) -> Entry:
        if here.stage == name:
            return told(Outcome.PRESENT, version=here.number)
        if here.stage != stages.initial and not self.follow:
            why = f"here it stands in {here.stage}; --follow moves it to {name}"
            return told(Outcome.LEFT_OUT, version=here.number, reason=why)
        return self._move(told, here.model, here.number, name)

    def _move(self, told: "partial[Entry]", model: str, number: int, stage: str) -> Entry:
        try:
            if not self.dry_run:
                self.client.versions.transition(model, number, stage, reason=_REASON)
        except _OF_ONE_THING as error:
            return told(Outcome.LEFT_OUT, version=number, reason=str(error))
        return told(self._done(), version=number)

    def _done(self) -> Outcome:
        return Outcome.PLANNED if self.dry_run else Outcome.IMPORTED

    def _address(self, model: str, version: int | None = None) -> str:
        """Where MLflow's own pages show it."""
        page = f"{self.source.url}/#/models/{quote(model, safe='')}"
        return page if version is None else f"{page}/versions/{version}"

    def _tags(self, given: Mapping[str, str], address: str) -> tuple[dict[str, str], dict[str, str]]:
        """The tags that the registry takes, with ``address`` among them, and why others are left out."""
        dropped = {
            key: f"its value has more than {_LONGEST_TAG} characters"
            for key, value in given.items()
            if len(value) > _LONGEST_TAG
        }
        kept = [key for key in given if key not in dropped and key not in (SOURCE_TAG, NUMBER_TAG)]
        dropped |= dict.fromkeys(kept[_MOST_TAGS:], f"at most {_MOST_TAGS} tags are kept")
        return {**{key: given[key] for key in kept[:_MOST_TAGS]}, SOURCE_TAG: address}, dropped


@dataclass(frozen=True, slots=True)
class _StagesHere:
    """The stages of the scheme that judges a model, as MLflow's stages find their own among them."""

    names: tuple[str, ...]
    exclusive: frozenset[str]
    initial: str
    archive: str

    @classmethod
    def of(cls, document: Mapping[str, object]) -> "_StagesHere":
        stages = document["stages"]
        assert isinstance(stages, list)  # noqa: S101 - a scheme's document lists its stages
        return cls(
            tuple(stage["name"] for stage in stages),
            frozenset(stage["name"] for stage in stages if stage.get("exclusive")),
            str(document["initial"]),
            str(document["archive"]),
        )

    def here(self, stage: str) -> str | None:
        """The archive for MLflow's Archived, else the stage of that name in any case."""
        if stage == "Archived":
            return self.archive
        return next((name for name in self.names if name.casefold() == stage.casefold()), None)


def _fits(key: str) -> bool:
    """Whether the registry takes this name of a parameter or metric."""
    return 1 <= len(key) <= _LONGEST_KEY and "/" not in key and not key.startswith("$") and key.isprintable()
