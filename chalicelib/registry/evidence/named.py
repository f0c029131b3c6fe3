"""What the use cases of all kinds of evidence share: they list, read, record and withdraw entries by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.evidence.kind import EvidenceKind
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.evidence.reporting import Reporting
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.reporters import Expected
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import (
    change_model,
    change_model_on,
    load,
    loaded_model,
    loaded_scheme,
    model_keys,
)
from chalicelib.registry.versions.files import reading_files
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Named(Generic[E]):
    """An entry with its name."""

    name: str
    entry: E


def named(latest: Latest[E] | None) -> tuple[Named[E], ...]:
    """The entries of a record by name; none if nothing was ever recorded."""
    return () if latest is None else tuple(Named(name, entry) for name, entry in sorted(latest.by_name.items()))


@dataclass(frozen=True, slots=True)
class Loaded(Generic[E]):
    """What a decision on a version's evidence is made on.

    ``files`` are the version's, if they were asked for. ``reporting`` says who reports, and whose reports count.
    ``snapshot`` has what else was asked for.
    """

    model: Model
    version: Version
    present: Latest[E]
    files: tuple[File, ...]
    reporting: Reporting
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class EvidenceOfVersions(Generic[E]):
    """The entries of one kind: the record that holds them, and where that of a version lies.

    ``expected`` finds whose reports of an entry count by a scheme, for the model's tier and the entry's name.
    """

    kind: EvidenceKind[E]
    record_kind: type[Latest[E]]
    place: Callable[[str, int], Key]
    expected: Callable[[Scheme, Tier, str], Expected] | None = None

    def all(self, services: Services, model: str, ref: str) -> tuple[Named[E], ...]:
        """The latest entries of a version by name. Raises VersionNotFoundError."""
        return named(self._read(services, model, resolve(services, model, ref)))

    def get(self, services: Services, model: str, ref: str, name: str) -> Named[E]:
        """One entry. Raises VersionNotFoundError, or the kind's error."""
        number = resolve(services, model, ref)
        return Named(name, self.kind.existing(model, number, self._read(services, model, number), name))

    def record(
        self,
        services: Services,
        request: Request,
        model: str,
        ref: str,
        name: str,
        decide: Callable[[Loaded[E], Stamp], Outcome[E]],
        with_files: bool = False,
        also: Sequence[Key] = (),
    ) -> Changed[Named[E]]:
        """Record an entry as ``decide`` does. It needs the files if ``with_files``, and what is under ``also``."""
        number = resolve(services, model, ref)

        def decide_on(given: tuple[Snapshot, tuple[File, ...]], stamp: Stamp) -> Outcome[Named[E]]:
            snapshot, files = given
            loaded = self._loaded(snapshot, request, model, number, name, files)
            return decide(loaded, stamp).map(lambda entry: Named(name, entry))

        def recall(subject: str) -> Named[E]:
            return self.get(services, model, subject, name)

        asked = [*self._keys(model, number, with_files), *also]
        read = reading_files(services, model, number) if with_files else _reading_no_files
        return change_model_on(services, request, model, read, decide_on, recall, asked)

    def withdraw(self, services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
        """Take an entry back; its events stay. Raises the kind's error, PreconditionFailedError."""
        number = resolve(services, model, ref)

        def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[None]:
            loaded = self._loaded(snapshot, request, model, number, name)
            return self.kind.withdraw(loaded.model, loaded.version, loaded.present, name, stamp, loaded.reporting)

        return change_model(services, request, model, decide, lambda _: None, self._keys(model, number))

    def _keys(self, model: str, number: int, with_files: bool = False) -> list[Key]:
        manifests = [number] if with_files else []
        judged = self.expected is not None
        return [*model_keys(model, versions=[number], manifests=manifests, scheme=judged), self.place(model, number)]

    def _read(self, services: Services, model: str, number: int) -> Latest[E]:
        snapshot = load(services, model, [keys.version(model, number), self.place(model, number)])
        loaded_version(snapshot, model, number)
        return self._present(snapshot, number)

    def _present(self, snapshot: Snapshot, number: int) -> Latest[E]:
        return snapshot.get(self.record_kind, number) or self.record_kind(number)

    def _loaded(
        self,
        snapshot: Snapshot,
        request: Request,
        model: str,
        number: int,
        name: str,
        files: tuple[File, ...] = (),
    ) -> Loaded[E]:
        """What was loaded, the caller's ETag checked against the present entry's."""
        found, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        present = self._present(snapshot, number)
        request.check_match_if_there(present.revision_of(name), f"There is no {self.kind.noun} {name!r}")
        expected = Expected() if self.expected is None else self.expected(loaded_scheme(snapshot), found.tier, name)
        return Loaded(found, version, present, files, Reporting.of(request.principal, model, expected), snapshot)


def _reading_no_files(first: Snapshot) -> tuple[Snapshot, tuple[Snapshot, tuple[File, ...]]]:
    return first, (first, ())
