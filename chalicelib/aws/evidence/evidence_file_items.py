"""A version's evidence files, and the files that no list has, to items and back; and where their bytes are."""

from dataclasses import asdict
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, due, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import EVIDENCE_PREFIX
from chalicelib.aws.table import Item, key_of
from chalicelib.domain.evidence.evidence_file import EvidenceFile, EvidenceFiles, NewFile, UnlistedFile
from chalicelib.domain.instants import Instant
from chalicelib.domain.models.model import Model


def evidence_file_prefix(version_uid: str, uid: str) -> str:
    """The prefix of the key of one evidence file."""
    return f"{EVIDENCE_PREFIX}{version_uid}/{uid}/"


def evidence_file_key(version_uid: str, uid: str, name: str) -> str:
    """The key of the object with the bytes of an evidence file."""
    return evidence_file_prefix(version_uid, uid) + name


def unlisted_item(unlisted: UnlistedFile) -> Item:
    """Due for the keeper once nobody can finish the upload any more."""
    attributes = {"uid": unlisted.uid, **body(asdict(unlisted)), **due(unlisted.uid, unlisted.until)}
    return item(keys.unlisted_file(unlisted.uid), attributes)


def unlisted_from(stored: Item) -> UnlistedFile:
    document = document_from(stored)
    return UnlistedFile(
        **{
            **known_fields(UnlistedFile, document),
            "declared": NewFile(**known_fields(NewFile, document["declared"])),
            "until": Instant(document["until"]),
        }
    )


def is_unlisted(stored: Item) -> bool:
    """Whether an item tells of a file that no list has."""
    return key_of(stored) == keys.unlisted_file(str(stored.get("uid")))


def _item(model: Model, files: EvidenceFiles) -> Item:
    document = {name: asdict(one) for name, one in files.by_name.items()}
    return item(keys.evidence_files(model.name, files.version), body(document))


def _files_from(stored: Item) -> EvidenceFiles:
    found = {name: EvidenceFile(**known_fields(EvidenceFile, one)) for name, one in document_from(stored).items()}
    return EvidenceFiles(keys.number_of(stored), found)


CODECS: Final = (
    Codec(
        EvidenceFiles,
        lambda model, number: (keys.evidence_files(model, number),),
        _item,
        _files_from,
        prefix=keys.of_versions("evidence_files"),
    ),
    Codec(
        UnlistedFile,
        lambda _, uid: (keys.unlisted_file(uid),),
        lambda _, unlisted: unlisted_item(unlisted),
        unlisted_from,
    ),
)
