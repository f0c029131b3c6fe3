"""Importing models from an MLflow server, with the registry's own calls. An import can be run any number of times.

Imported models and versions have the tag ``imported.mlflow`` with their URL in MLflow. So the next run continues an
interrupted one, and later runs import only what is new.
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
from moorage.destination import places
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
# A prompt has no files: its text is in its tags.
_PROMPT_FILES: Final = SourceFiles("", "", (), trusted=True)
# The registry's limits on tags, less the two that the import sets itself.
_MOST_TAGS: Final = 48
_LONGEST_TAG: Final = 50_000
_LONGEST_KEY: Final = 250
_LONGEST_VALUE: Final = 5_000
# Errors that concern a single item. Any other error, such as a registry that does not respond, ends the run.
_ITEM_ERRORS: Final = (
    ConflictError,
    ForbiddenError,
    IntegrityError,
    InvalidRequestError,
    NotFoundError,
    UnreadableError,
)


class Outcome(StrEnum):
    """PRESENT: the registry already had it. PLANNED: a run without ``dry_run`` would import it."""

    IMPORTED = "imported"
    PRESENT = "present"
    PLANNED = "planned"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Entry:
    """The outcome for one item.

    ``kind`` is ``model``, ``version``, ``tag``, ``alias`` or ``stage``; ``name`` is its name in MLflow. ``version`` is
    the version's number in the registry, if it is known. ``reason`` says why an item was left out.
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
    """One import.

    If an alias or a stage differs from MLflow's, ``follow`` moves it; otherwise it is left as it is.
    """

    source: MlflowSource
    client: Client
    prefix: str = ""
    dry_run: bool = False
    follow: bool = False
    threads: int = 8
    progress: Progress = field(default_factory=Silent)

    def run(self) -> Iterator[Entry]:
        """Import one model after another. Yields an entry for each item when it is done."""
        for model in self.source.models(self.prefix):
            try:
                yield from self._model(model)
            except _ITEM_ERRORS as error:
                yield Entry(model.name, "model", model.name, Outcome.LEFT_OUT, reason=error.message)

    def _model(self, model: SourceModel) -> Iterator[Entry]:
        tags, dropped = self._tags(model.tags, self._page_url(model.name))
        target = self._existing(model.name)
        if target is None and not self.dry_run:
            self.client.models.create(model.name, description=model.description, tags=tags)
        yield Entry(model.name, "model", model.name, self._outcome() if target is None else Outcome.PRESENT)
        if target is None:
            yield from (Entry(model.name, "tag", key, Outcome.LEFT_OUT, reason=why) for key, why in dropped.items())
        versions = self.source.versions(model)
        known = {} if target is None else self._registered(versions)
        for version in versions:
            entry, registered = self._version(version, known.get(version.number))
            if registered is not None:
                known[version.number] = registered
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

    def _registered(self, versions: list[SourceVersion]) -> dict[int, Version]:
        """The versions that an earlier run registered, by their number in MLflow."""
        if not versions:
            return {}
        numbers = {self._page_url(version.model, version.number): version.number for version in versions}
        listed = self.client.versions.list(versions[0].model)
        return {
            numbers[url]: registered for registered in listed if (url := registered.tags.get(SOURCE_TAG, "")) in numbers
        }

    def _version(self, version: SourceVersion, registered: Version | None) -> tuple[Entry, Version | None]:
        """Import a version. Returns its entry, and the registered version if it is READY."""
        entry_of = partial(Entry, version.model, "version", str(version.number))
        if registered is not None and registered.ready:
            return entry_of(Outcome.PRESENT, version=self._tag_number(version, registered).number), registered
        if version.status != "READY":
            return entry_of(Outcome.LEFT_OUT, reason=f"its status in MLflow is {version.status}, not READY"), None
        try:
            files = _PROMPT_FILES if version.tags.get(PROMPT_TAG) == "true" else self.source.files(version)
            entry_of = partial(entry_of, files=len(files.files), size=files.size)
            if self.dry_run:
                return entry_of(Outcome.PLANNED), None
            imported = self._tag_number(version, self._import_files(version, registered, files))
        except _ITEM_ERRORS as error:
            return entry_of(Outcome.LEFT_OUT, reason=str(error)), None
        return entry_of(Outcome.IMPORTED, version=imported.number), imported

    def _import_files(self, version: SourceVersion, registered: Version | None, files: SourceFiles) -> Version:
        with tempfile.TemporaryDirectory(prefix="moorage-import-") as temporary:
            listed = [file.path for file in files.files]
            local = places(Path(temporary), listed, listed)
            self._download(files, local)
            if registered is not None:
                return self.client.resume(version.model, registered.number, files=local, progress=self.progress)
            content = self._content(version)
            return self.client.register(version.model, files=local, progress=self.progress, **content)

    def _download(self, files: SourceFiles, local: Mapping[str, Path]) -> None:
        self.progress.started("fetch", len(files.files), files.size)
        try:
            jobs = [
                partial(self.source.download, files, file, local[file.path], self.progress.advanced)
                for file in files.files
            ]
            run_all(jobs, self.threads)
        finally:
            self.progress.finished("fetch")

    def _content(self, version: SourceVersion) -> VersionContent:
        tags, dropped = self._tags(version.tags, self._page_url(version.model, version.number))
        if _TEXT_TAG in dropped:
            raise UnreadableError(f"the text of the prompt is too long: {dropped[_TEXT_TAG]}")
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
            source_run = self.source.run(version.run_id)
            content["parameters"] = {
                key: value
                for key, value in source_run.parameters.items()
                if _fits(key) and len(value) <= _LONGEST_VALUE
            }
            content["metrics"] = {key: value for key, value in source_run.metrics.items() if _fits(key)}
        return content

    def _tag_number(self, version: SourceVersion, registered: Version) -> Version:
        """The registered version, tagged with its number in MLflow if that is another."""
        if (
            registered.number == version.number
            or registered.tags.get(NUMBER_TAG) == str(version.number)
            or self.dry_run
        ):
            return registered
        return self.client.versions.update(
            version.model, registered.number, tags={**registered.tags, NUMBER_TAG: str(version.number)}
        )

    def _dropped_tags(self, version: SourceVersion, number: int | None) -> Iterator[Entry]:
        _, dropped = self._tags(version.tags, "")
        for key, why in dropped.items():
            name = f"{version.number}: {key}"
            yield Entry(version.model, "tag", name, Outcome.LEFT_OUT, version=number, reason=why)

    def _aliases(self, model: SourceModel, target: Model | None, known: Mapping[int, Version]) -> Iterator[Entry]:
        present = {} if target is None else target.aliases
        for alias, number in sorted(model.aliases.items()):
            entry_of = partial(Entry, model.name, "alias", alias)
            registered = known.get(number)
            if registered is None and self.dry_run:
                yield entry_of(Outcome.PLANNED)
            elif registered is None:
                yield entry_of(Outcome.LEFT_OUT, reason=f"it points at version {number}, which was not imported")
            elif present.get(alias) == registered.number:
                yield entry_of(Outcome.PRESENT, version=registered.number)
            elif alias in present and not self.follow:
                why = f"in the registry it points at version {present[alias]}; --follow moves it to {registered.number}"
                yield entry_of(Outcome.LEFT_OUT, version=present[alias], reason=why)
            else:
                yield self._set_alias(entry_of, model.name, alias, registered.number)

    def _set_alias(self, entry_of: "partial[Entry]", model: str, alias: str, number: int) -> Entry:
        try:
            if not self.dry_run:
                self.client.aliases.set(model, alias, number, reason=_REASON)
        except _ITEM_ERRORS as error:
            return entry_of(Outcome.LEFT_OUT, reason=error.message)
        return entry_of(self._outcome(), version=number)

    def _stages(
        self, versions: list[SourceVersion], target: Model | None, known: Mapping[int, Version]
    ) -> Iterator[Entry]:
        staged = [version for version in versions if version.stage != "None"]
        if not staged:
            return
        # In a dry run, a new model does not exist yet: it would get the default scheme.
        planned = target is None and self.dry_run
        scheme = self.client.schemes.default() if planned else self.client.schemes.of(staged[0].model)
        stages = _SchemeStages.of(scheme.document)
        holders = {stages.match(version.stage): version.number for version in staged}
        for version in staged:
            entry_of = partial(Entry, version.model, "stage", f"{version.number}: {version.stage}")
            name, registered = stages.match(version.stage), known.get(version.number)
            if name is None:
                yield entry_of(Outcome.LEFT_OUT, reason=f"the scheme {scheme.name!r} has no such stage")
            elif name in stages.exclusive and holders[name] != version.number:
                why = f"the stage {name} holds only one version; the newest in MLflow is version {holders[name]}"
                yield entry_of(Outcome.LEFT_OUT, reason=why)
            elif registered is None:
                yield self._unregistered(entry_of)
            else:
                yield self._stage(entry_of, stages, registered, name)

    def _unregistered(self, entry_of: "partial[Entry]") -> Entry:
        if self.dry_run:
            return entry_of(Outcome.PLANNED)
        return entry_of(Outcome.LEFT_OUT, reason="the version was not imported")

    def _stage(self, entry_of: "partial[Entry]", stages: "_SchemeStages", registered: Version, name: str) -> Entry:
        if registered.stage == name:
            return entry_of(Outcome.PRESENT, version=registered.number)
        if registered.stage != stages.initial and not self.follow:
            why = f"in the registry it is in {registered.stage}; --follow moves it to {name}"
            return entry_of(Outcome.LEFT_OUT, version=registered.number, reason=why)
        return self._move(entry_of, registered.model, registered.number, name)

    def _move(self, entry_of: "partial[Entry]", model: str, number: int, stage: str) -> Entry:
        try:
            if not self.dry_run:
                self.client.versions.transition(model, number, stage, reason=_REASON)
        except _ITEM_ERRORS as error:
            return entry_of(Outcome.LEFT_OUT, version=number, reason=str(error))
        return entry_of(self._outcome(), version=number)

    def _outcome(self) -> Outcome:
        return Outcome.PLANNED if self.dry_run else Outcome.IMPORTED

    def _page_url(self, model: str, version: int | None = None) -> str:
        """The URL of the model's or the version's page in MLflow."""
        page = f"{self.source.url}/#/models/{quote(model, safe='')}"
        return page if version is None else f"{page}/versions/{version}"

    def _tags(self, given: Mapping[str, str], url: str) -> tuple[dict[str, str], dict[str, str]]:
        """The tags that the registry accepts, including the source ``url``, and why others are left out."""
        dropped = {
            key: f"its value has more than {_LONGEST_TAG} characters"
            for key, value in given.items()
            if len(value) > _LONGEST_TAG
        }
        kept = [key for key in given if key not in dropped and key not in (SOURCE_TAG, NUMBER_TAG)]
        dropped |= dict.fromkeys(kept[_MOST_TAGS:], f"the registry keeps at most {_MOST_TAGS} tags of an import")
        return {**{key: given[key] for key in kept[:_MOST_TAGS]}, SOURCE_TAG: url}, dropped


@dataclass(frozen=True, slots=True)
class _SchemeStages:
    """The stages of a model's scheme, and how MLflow's stages map to them."""

    names: tuple[str, ...]
    exclusive: frozenset[str]
    initial: str
    archive: str

    @classmethod
    def of(cls, document: Mapping[str, object]) -> "_SchemeStages":
        stages = document["stages"]
        assert isinstance(stages, list)  # noqa: S101 - a scheme's document lists its stages
        return cls(
            tuple(stage["name"] for stage in stages),
            frozenset(stage["name"] for stage in stages if stage.get("exclusive")),
            str(document["initial"]),
            str(document["archive"]),
        )

    def match(self, stage: str) -> str | None:
        """The stage for a stage of MLflow: the archive for ``Archived``, else the one of that name in any case."""
        if stage == "Archived":
            return self.archive
        return next((name for name in self.names if name.casefold() == stage.casefold()), None)


def _fits(key: str) -> bool:
    """Whether the registry accepts this name of a parameter or a metric."""
    return 1 <= len(key) <= _LONGEST_KEY and "/" not in key and not key.startswith("$") and key.isprintable()
