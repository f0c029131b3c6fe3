"""The files of versions: out of the outline that was read with a version, or out of the parts that it names."""

from collections.abc import Callable, Sequence

from chalicelib.aws.services import Services
from chalicelib.aws.versions.manifests import Outline, files_from
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.ledger.snapshot import Snapshot


def loaded_files(services: Services, snapshot: Snapshot, model: str, number: int) -> tuple[File, ...]:
    """All files of a version whose manifest was asked for; none if it has none. A long list costs one read more."""
    return files_of_all(services, snapshot, model, [number])[0]


def files_of_all(
    services: Services, snapshot: Snapshot, model: str, numbers: Sequence[int]
) -> tuple[tuple[File, ...], ...]:
    """All files of each version. Raises RecordEditedError."""
    outlines = [snapshot.get(Outline, number) or Outline(number, "[]") for number in numbers]
    wanted = [outline.key_of(model, index) for outline in outlines for index in range(len(outline.parts))]
    found = services.table.load_all(list(dict.fromkeys(wanted)))
    return tuple(
        files_from(outline.text)
        if outline.text is not None
        else tuple(file for index in range(len(outline.parts)) for file in outline.files_in(model, index, found))
        for outline in outlines
    )


def reading_files(
    services: Services, model: str, number: int
) -> Callable[[Snapshot], tuple[Snapshot, tuple[Snapshot, tuple[File, ...]]]]:
    """For ``change_model_on``: decide on the first read together with the files of one version."""

    def read(first: Snapshot) -> tuple[Snapshot, tuple[Snapshot, tuple[File, ...]]]:
        return first, (first, loaded_files(services, first, model, number))

    return read
