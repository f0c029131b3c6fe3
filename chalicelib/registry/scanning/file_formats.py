"""The formats of a version's files: by what its scan found, else by their names."""

from collections.abc import Iterable, Sequence

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.scanning.findings import Findings, Scanned
from chalicelib.domain.scanning.format_names import FileFormat, file_format
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import load
from chalicelib.registry.versions.files import files_of_all


def file_formats(services: Services, model: str, number: int) -> tuple[FileFormat, ...]:
    """The format of each file of a version, by path, in one read; in two if its list of files is long."""
    snapshot = load(services, model, [keys.manifest(model, number), keys.findings(model, number)])
    return file_formats_of_all(services, snapshot, model, [number])[0]


def file_formats_of_all(
    services: Services, snapshot: Snapshot, model: str, numbers: Sequence[int]
) -> tuple[tuple[FileFormat, ...], ...]:
    """The formats of the files of each version, whose manifests and findings were read."""
    return tuple(
        _formats(files, snapshot.get(Findings, number))
        for number, files in zip(numbers, files_of_all(services, snapshot, model, numbers), strict=True)
    )


def _formats(files: Iterable[File], found: Findings | None) -> tuple[FileFormat, ...]:
    scanned = Scanned({}) if found is None else found.scanned
    by_path = {file.path: file.scan for file in scanned.files}
    return tuple(file_format(file.path, by_path.get(file.path)) for file in files)
