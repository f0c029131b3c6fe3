"""Prove from files alone: a folder, and what the registry once gave of its version. No registry is called."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from moorage import verify_audit_export as audit_export
from moorage.errors import MoorageError
from moorage.proving.claims import (
    BYTES,
    CHAIN,
    EVENT,
    PROMOTION,
    SIGNATURE,
    Claim,
    Proof,
    contradicted,
    named,
    not_proven,
    proven,
)
from moorage.proving.files import digest_of, folder_digests
from moorage.proving.ledger import LedgerReading, ledger_claims
from moorage.proving.promotion import Promotion, read_promotion
from moorage.signing.bundle import Bundle
from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError
from moorage.signing.folder import compare
from moorage.signing.model_statement import ModelStatement, statement_from
from moorage.signing.verification import SigningTrust, verify_bundle

_THREADS: Final = 8
_MAX_BYTES: Final = 1024**2


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder with the digest and the paths of its files, and the files in it that are not its own."""

    path: Path
    digest: str
    paths: frozenset[str]
    left_out: tuple[Path, ...]


def prove_folder(
    folder: str | os.PathLike[str],
    keys: Sequence[str],
    *,
    signature: str | os.PathLike[str] | None = None,
    statement: str | os.PathLike[str] | None = None,
    export: str | os.PathLike[str] | None = None,
    threads: int = _THREADS,
) -> Proof:
    """What is proven of a folder without a registry, by public keys in PEM that the caller trusts.

    ``signature`` is a file such as ``model.sig``, ``statement`` one that ``Statement.save`` wrote, and ``export`` the
    directory of an audit export. What is not given is not proven. Nothing is raised for what is contradicted;
    ``Proof.check`` does that. Raises ValueError if there is nothing to verify by, UnfitKeyError, MoorageError for a
    file that cannot be read.
    """
    if signature is None and statement is None:
        raise ValueError("give a signature or a statement: without one there is nothing to verify the files by")
    if not keys:
        raise ValueError("give the public key of whoever signed: one that comes with a signature proves nothing")
    root, trusted = Path(folder), [PublicKey.from_pem(key) for key in keys]
    if not root.is_dir():
        raise MoorageError(f"{root} is not a directory")
    given = tuple(Path(path) for path in (signature, statement) if path is not None)
    for path in given:
        if not path.is_file():
            raise MoorageError(f"{path} is not a file")
    digests = folder_digests(root, threads, given)
    found = _Folder(root, digest_of(digests), frozenset(digests), given)
    signed, of_files = _signature(found, None if signature is None else Path(signature), trusted)
    promotion, of_move = _promotion(found, None if statement is None else Path(statement), trusted, signed)
    version = {} if signed is None or signed.version is None else signed.version
    return Proof(
        model=version.get("model") if promotion is None else promotion.model,
        version=version.get("version") if promotion is None else promotion.version,
        digest=found.digest,
        claims=(*of_files, *of_move, *_ledger(promotion, None if export is None else Path(export))),
    )


def _signature(
    folder: _Folder, file: Path | None, keys: Sequence[PublicKey]
) -> tuple[ModelStatement | None, list[Claim]]:
    """What was signed, and whether it is this folder."""
    if file is None:
        return None, [not_proven(SIGNATURE, "no signature of the files was given")]
    try:
        bundle = Bundle.read(file)
        key = next((key for key in keys if bundle.hint in ("", key.hint) and bundle.is_signed_by(key)), keys[0])
        statement = statement_from(verify_bundle(bundle, SigningTrust(public_key=key.pem)).payload)
    except SignatureError as error:
        return None, [contradicted(SIGNATURE, error.message)]
    claims = [proven(SIGNATURE, f"{file.name} was signed with the key {key.hint[:16]}")]
    try:
        compare(folder.path, _without(statement, folder), file)
    except SignatureError as error:
        return statement, [*claims, contradicted(BYTES, f"in {folder.path}, {error.message}")]
    claims.append(proven(BYTES, f"{folder.path} has exactly the files that were signed"))
    if others := folder.paths - {one.path for one in statement.resources}:
        claims.append(not_proven(BYTES, f"the signature leaves out {named(others)}, and says nothing of it"))
    return statement, claims


def _without(statement: ModelStatement, folder: _Folder) -> ModelStatement:
    """The statement, which says nothing of the files that the folder was given besides its own."""
    root = folder.path.resolve()
    inside = (path.resolve() for path in folder.left_out if path.resolve().is_relative_to(root))
    return replace(statement, ignored=(*statement.ignored, *(path.relative_to(root).as_posix() for path in inside)))


def _promotion(
    folder: _Folder, file: Path | None, keys: Sequence[PublicKey], signed: ModelStatement | None
) -> tuple[Promotion | None, list[Claim]]:
    """What was stated of the move, and whether it is about this folder."""
    if file is None:
        return None, [not_proven(PROMOTION, "no statement about a promotion was given")]
    try:
        promotion = read_promotion(_document(file), keys)
    except SignatureError as error:
        return None, [contradicted(PROMOTION, error.message)]
    said = f"{promotion.in_words()}; signed with the key {promotion.key.hint[:16]}"
    if promotion.digest != folder.digest:
        text = f"the statement is about files with the digest {promotion.digest}, and {folder.path} has {folder.digest}"
        return promotion, [contradicted(PROMOTION, f"{text}: a file was changed, added or taken away")]
    version = (signed.version if signed is not None else None) or {}
    if version and (version.get("model"), version.get("version")) != (promotion.model, promotion.version):
        text = f"the signature is of {version.get('model')}/{version.get('version')}"
        return promotion, [
            contradicted(PROMOTION, f"{text}, the statement about {promotion.model}/{promotion.version}")
        ]
    if signed is not None:
        return promotion, [proven(PROMOTION, said)]
    whole = proven(BYTES, f"{folder.path} has exactly the files that the statement is about")
    return promotion, [whole, proven(PROMOTION, said)]


def _ledger(promotion: Promotion | None, export: Path | None) -> Iterator[Claim]:
    """What an audit export proves of the promotion."""
    if promotion is None:
        return
    if export is None:
        yield not_proven(EVENT, f"no audit export was given, so event {promotion.sequence} was not looked at")
        return
    try:
        manifest = audit_export.read_manifest(export)
        report = audit_export.Report()
        ledgers = audit_export.read_ledgers(report, export, manifest)
        anchors = [(one["file"], audit_export.content_of(report, export, one)) for one in manifest["anchors"]]
        present = [(name, content) for name, content in anchors if content is not None]
        audit_export.check_anchors(report, present, ledgers, manifest.get("scope"), None)
    except audit_export.NothingToVerify as error:
        raise MoorageError(str(error)) from error
    ledger = ledgers.get(promotion.ledger)
    if ledger is None:
        yield not_proven(CHAIN, f"{export} does not have the ledger {promotion.ledger}")
        return
    reading = LedgerReading(promotion.sequence, no_anchor=f"{export} has no anchors")
    for number in sorted(ledger.events):
        reading.take(json.loads(ledger.events[number].content))
    fault = next((fault for fault in report.faults if fault.ledger in (None, ledger.name)), None)
    reading.fault = None if fault is None else str(fault)
    reading.anchored = ledger.anchored if report.anchors else None
    yield from ledger_claims(promotion.ledger, promotion.version, promotion, None, reading)


def _document(file: Path) -> object:
    """The JSON of a file. Raises SignatureError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise SignatureError(f"{file} has more than {_MAX_BYTES} bytes, so it is not a statement")
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SignatureError(f"{file} is not a statement: it is not JSON") from error
