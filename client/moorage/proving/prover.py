"""Prove what the registry says of a version: from its files, its signature, its statements and its ledger."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from moorage.anchors import Anchors
from moorage.audit import ChainBrokenError, ChainHead
from moorage.cache.blobs import Blobs, BlobState
from moorage.cache.records import content_digest
from moorage.errors import ConflictError, ForbiddenError, IntegrityError, NotFoundError
from moorage.events import Events
from moorage.manifest import Manifest, manifest_digest
from moorage.paths import VersionKey
from moorage.proving.claims import (
    BYTES,
    KEY,
    PROMOTION,
    SIGNATURE,
    Claim,
    Outcome,
    Proof,
    contradicted,
    named,
    not_proven,
    proven,
)
from moorage.proving.files import folder_claims
from moorage.proving.ledger import LedgerReading, ledger_claims
from moorage.proving.promotion import Promotion, read_promotion
from moorage.references import LATEST
from moorage.results import Artifact
from moorage.signatures import Signature, Signatures
from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError
from moorage.signing.registry_key import check_signature
from moorage.state_check import ledger_of
from moorage.statements import Statement, Statements
from moorage.versions import Versions
from moorage.workers import run_all


@dataclass(frozen=True, slots=True)
class Prover:
    """Proves versions of one registry. ``known_key`` gives the key with which this machine trusts it, if any."""

    versions: Versions
    signatures: Signatures
    statements: Statements
    events: Events
    anchors: Anchors
    blobs: Blobs
    threads: int
    known_key: Callable[[], PublicKey | None]

    def prove(self, model: str, version: VersionKey, folder: Path | None, keys: Sequence[str]) -> Proof:
        """What is proven of a version, and of the files in ``folder`` or else in the cache.

        ``keys`` are public keys in PEM that are trusted to be the registry's. What is contradicted is not raised.
        """
        alias = None if version == LATEST or not str(version).startswith("@") else str(version)[1:]
        key = self.versions.latest(model).number if version == LATEST else version
        manifest = _listed(self.versions, model, key)
        signature, statement = self._signature(manifest), self._statement(manifest, alias)
        trusted, of_key = self._trusted(keys, signature, statement)
        promotion, of_move = _promotion(manifest, alias, statement, trusted)
        of_files = self._cached(manifest) if folder is None else folder_claims(manifest, folder, self.threads)
        if any(file.uri is not None for file in manifest.files):
            of_files = _of_unproven_list(of_files)
        return Proof(
            model=manifest.model,
            version=manifest.version,
            digest=content_digest(manifest),
            claims=(
                *of_files,
                _signed(manifest, signature, trusted),
                *of_move,
                *of_key,
                *self._ledger(manifest, promotion, alias),
            ),
        )

    def _cached(self, manifest: Manifest) -> Iterator[Claim]:
        stored = [file for file in manifest.files if file.uri is None]
        states = run_all([partial(self.blobs.state, file) for file in stored], self.threads)
        by_state = {
            state: [file.path for file, one in zip(stored, states, strict=True) if one is state] for state in BlobState
        }
        if by_state[BlobState.DAMAGED]:
            yield contradicted(BYTES, f"changed in the cache: {named(by_state[BlobState.DAMAGED])}")
        if by_state[BlobState.ABSENT]:
            text = f"not in the cache: {named(by_state[BlobState.ABSENT])}; fetch the version, or name its directory"
            yield not_proven(BYTES, text)
        elif not by_state[BlobState.DAMAGED]:
            yield proven(BYTES, f"all {len(stored)} files are in the cache, each with its SHA-256")

    def _signature(self, manifest: Manifest) -> Signature | None:
        try:
            return self.signatures.get(manifest.model, manifest.version)
        except NotFoundError:
            return None

    def _statement(self, manifest: Manifest, alias: str | None) -> Statement | None:
        """The newest statement about the version: of those that point the alias at it, if one is asked about."""
        listed = self.statements.list(manifest.model, manifest.version)
        found = next((one for one in listed if alias is None or alias in one.aliases), None)
        return None if found is None else self.statements.get(manifest.model, manifest.version, found.sequence)

    def _trusted(
        self, keys: Sequence[str], signature: Signature | None, statement: Statement | None
    ) -> tuple[list[PublicKey], list[Claim]]:
        """The keys to verify with, and a claim if they are only the registry's own word."""
        if keys:
            given = [PublicKey.from_pem(key) for key in keys]
            return given, []
        known = self.known_key()
        if known is not None:
            return [known], []
        # They differ where the registry's key was changed in between.
        offered = {one.public_key for one in (signature, statement) if one is not None and one.public_key is not None}
        found = [PublicKey.from_pem(pem) for pem in sorted(offered)]
        if not found:
            return [], []
        hints = ", ".join(key.hint[:16] for key in found)
        return found, [
            not_proven(KEY, f"the registry itself gave the key {hints}: compare it, or give the one you know")
        ]

    def _ledger(self, manifest: Manifest, promotion: Promotion | None, alias: str | None) -> Iterator[Claim]:
        ledger = ledger_of(manifest.model)
        reading = LedgerReading(None if promotion is None else promotion.sequence)
        heads: Mapping[str, ChainHead] = {}
        try:
            heads = self.anchors.newest_heads()
        except ForbiddenError:
            reading.no_anchor = "the token may not read anchors"
        anchored = heads.get(ledger)
        reading.anchored = None if anchored is None else anchored.sequence
        try:
            self.events.verify(manifest.model, anchored=anchored, each=reading.take)
        except ChainBrokenError as error:
            reading.fault = error.message
        yield from ledger_claims(ledger, manifest.version, promotion, alias, reading)


def _listed(versions: Versions, model: str, key: VersionKey) -> Manifest:
    """The files of a version, for who may read but not download them.

    Raises ConflictError unless the version is READY, and IntegrityError if the list does not match its digest.
    """
    version = versions.get(model, key)
    name = f"{model}/{version.number}"
    if not version.ready:
        raise ConflictError(f"{name} is {version.status}: only READY versions are verified", code="version_not_ready")
    files = tuple(
        # Where a reference leads is told only to who may download.
        Artifact(one.path, one.size, one.sha256, one.verified, uri="" if one.kind == "reference" else None)
        for one in versions.files(model, version.number)
    )
    if all(file.uri is None for file in files) and manifest_digest(files) != version.digest:
        raise IntegrityError(f"the list of files of {name} does not match its digest")
    return Manifest(model, version.number, version.digest, files)


def _of_unproven_list(claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims about files whose list was not compared with the version's digest, so that another list would do."""
    why = "the list itself is only the registry's word, because its digest is also over where references lead"
    for claim in claims:
        yield not_proven(claim.about, f"{claim.text}; {why}") if claim.outcome is Outcome.PROVEN else claim


def _signed(manifest: Manifest, signature: Signature | None, keys: Sequence[PublicKey]) -> Claim:
    """Whether the registry signed exactly this version."""
    if signature is None:
        return not_proven(SIGNATURE, "the registry has not signed this version")
    error = SignatureError("there is no key")
    for key in keys:
        try:
            check_signature(manifest, signature, key)
        except SignatureError as found:
            error = found
        else:
            return proven(SIGNATURE, f"the key {key.hint[:16]} signed exactly these {len(manifest.files)} files")
    return contradicted(SIGNATURE, error.message)


def _promotion(
    manifest: Manifest, alias: str | None, statement: Statement | None, keys: Sequence[PublicKey]
) -> tuple[Promotion | None, list[Claim]]:
    """What the registry stated of the version's move, if it is about this version."""
    if statement is None:
        about = "a move of this version" if alias is None else f"a move of @{alias} to it"
        return None, [not_proven(PROMOTION, f"the registry has signed nothing about {about}")]
    try:
        promotion = read_promotion(statement.envelope, keys)
    except SignatureError as error:
        return None, [contradicted(PROMOTION, error.message)]
    said: tuple[Any, ...] = (promotion.model, promotion.version, promotion.digest)
    if said != (manifest.model, manifest.version, content_digest(manifest)):
        return None, [
            contradicted(PROMOTION, f"the statement is about {promotion.model}/{promotion.version}, {promotion.digest}")
        ]
    if alias is not None and alias not in promotion.aliases:
        return None, [
            contradicted(PROMOTION, f"the statement does not say that @{alias} was moved, as the registry does")
        ]
    return promotion, [proven(PROMOTION, promotion.in_words())]
