"""The formats of a version's files: by what its scan found, else by their names."""

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.scanning.findings import Findings, Scanned
from chalicelib.domain.scanning.format_names import FileFormat, file_format
from chalicelib.registry.models.model_ledger import load
from chalicelib.registry.versions.files import loaded_files


def file_formats(services: Services, model: str, number: int) -> tuple[FileFormat, ...]:
    """The format of each file of a version, by path, in one read; in two if its list of files is long."""
    snapshot = load(services, model, [keys.manifest(model, number), keys.findings(model, number)])
    found = snapshot.get(Findings, number)
    scanned = Scanned({}) if found is None else found.scanned
    by_path = {file.path: file.scan for file in scanned.files}
    files = loaded_files(services, snapshot, model, number)
    return tuple(file_format(file.path, by_path.get(file.path)) for file in files)
