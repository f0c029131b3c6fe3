"""What is stored now of versions that were moved, for a simulation whose gates look at what events do not tell."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.lineage.reads import LinkReader
from chalicelib.aws.services import Services
from chalicelib.aws.signing.signer_items import signers_from
from chalicelib.domain.evidence.attestation import Attestations
from chalicelib.domain.ledger import event_types
from chalicelib.domain.promotion.looked_at import LookedAt, looked_at
from chalicelib.domain.promotion.retold import Kept, Stored
from chalicelib.domain.scanning.format_names import FileFormat
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities.assessment import Assessment
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.licenses.ancestors import licensing_of
from chalicelib.registry.models.model_ledger import snapshot_of
from chalicelib.registry.scanning.file_formats import file_formats_of_all

# The versions that moved last; of each, up to four items are read. Their lists of files may be long.
MAX_VERSIONS: Final = 100
# Queries along the lineage after which no more versions are followed.
MAX_QUERIES: Final = 200


def stored_content(services: Services, model: str, scheme: Scheme, events: Sequence[Mapping[str, Any]]) -> Stored:
    """What is stored of the versions that ``events`` moved, as far as gates of the scheme look at it."""
    asked = {looked_at(gate.condition) for gate in scheme.gates} - {None, LookedAt.SCAN}
    if not asked:
        return Stored()
    moved = [event["version"] for event in reversed(events) if event["type"] == event_types.VERSION_TRANSITIONED]
    distinct = list(dict.fromkeys(moved))
    numbers, skipped = distinct[:MAX_VERSIONS], distinct[MAX_VERSIONS:]
    wanted = [keys.trusted_signers(), *(key for number in numbers for key in _keys(model, number, asked))]
    found = services.table.load_all(wanted)
    snapshot = snapshot_of(model, wanted, found)
    return Stored(
        _kept(services, model, snapshot, numbers, asked),
        signers_from(found.get(keys.trusted_signers())),
        frozenset(skipped),
    )


def _keys(model: str, number: int, asked: Collection[LookedAt | None]) -> Iterator[Key]:
    yield keys.version(model, number)
    yield keys.buried(model, number)
    if LookedAt.VULNERABILITIES in asked:
        yield keys.vulnerabilities(model, number)
    if LookedAt.ATTESTATIONS in asked:
        yield keys.attestations(model, number)
    if LookedAt.FORMATS in asked:
        yield keys.manifest(model, number)
        yield keys.findings(model, number)


def _kept(
    services: Services, model: str, snapshot: Snapshot, numbers: Sequence[int], asked: Collection[LookedAt | None]
) -> dict[int, Kept]:
    """By number, those that are stored; deleted ones are until they are purged."""
    versions = [found for number in numbers if (found := snapshot.get(Version, number)) is not None]
    formats: dict[int, tuple[FileFormat, ...]] = {}
    if LookedAt.FORMATS in asked:
        present = [one.number for one in versions]
        formats = dict(zip(present, file_formats_of_all(services, snapshot, model, present), strict=True))
    links = LinkReader(services.table)
    kept = {}
    for one in versions:
        follows = LookedAt.LICENSES in asked and links.queries < MAX_QUERIES
        kept[one.number] = Kept(
            digest=one.digest,
            file_formats=formats.get(one.number, ()),
            assessment=snapshot.get(Assessment, one.number) if LookedAt.VULNERABILITIES in asked else None,
            attestations=snapshot.get(Attestations, one.number) if LookedAt.ATTESTATIONS in asked else None,
            licensing=licensing_of(services, model, one.number, {}, links) if follows else None,
        )
    return kept
