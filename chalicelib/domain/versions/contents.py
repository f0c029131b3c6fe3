"""What a version consists of, and what it is to be given."""

from dataclasses import dataclass

from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.versions.intake import SourceFile
from chalicelib.domain.versions.manifest import File


@dataclass(frozen=True, slots=True)
class Manifest(Record, kind="manifest"):
    """The files of a version: saved when it is registered, and again when S3 has proved them."""

    number: int
    files: tuple[File, ...]

    @property
    def identity(self) -> Identity:
        return (Manifest, self.number)


@dataclass(frozen=True, slots=True)
class Copying(Record):
    """That files are copied to a place that no version has yet. Registering the version removes this.

    If it is not registered ``until`` then, nobody is copying any more, and the keeper removes the files.
    """

    uid: str
    until: Instant

    @property
    def identity(self) -> Identity:
        return (Copying, self.uid)


@dataclass(frozen=True, slots=True)
class CopyPlan(Record):
    """The files that the registry copies into a version, and until when it must have done so.

    It is no fact, hence without a kind: DynamoDB drops it in time.
    """

    number: int
    files: tuple[SourceFile, ...]
    until: Instant

    @property
    def identity(self) -> Identity:
        return (CopyPlan, self.number)
