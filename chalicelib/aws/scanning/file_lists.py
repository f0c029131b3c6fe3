"""The files of a version, read by a role that may read nothing else of a model."""

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import FILE_LIST_ATTRIBUTES, PARTITION_KEY, SORT_KEY
from chalicelib.aws.table import Item, Table
from chalicelib.aws.versions.manifests import files_from, outline_from
from chalicelib.domain.versions.manifest import File


def file_list(table: Table, model: str, number: int) -> tuple[File, ...] | None:
    """All files of a version, None if it has no manifest. Each part of a long list costs a read.

    Raises RecordEditedError if a part is not the one that was saved.
    """
    stored = _read(table, keys.manifest(model, number))
    if stored is None:
        return None
    outline = outline_from(number, stored)
    if outline.text is not None:
        return files_from(outline.text)
    files: list[File] = []
    for index in range(len(outline.parts)):
        key = outline.key_of(model, index)
        files += outline.files_in(model, index, {key: _read(table, key) or {}})
    return tuple(files)


def _read(table: Table, key: Key) -> Item | None:
    return table.get_attributes(key, (PARTITION_KEY, SORT_KEY, *FILE_LIST_ATTRIBUTES))
