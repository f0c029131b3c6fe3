"""Advisory indexes: uploaded by an operator, checked, and made current."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import SignedRequest
from chalicelib.aws.vulnerabilities.index_items import current_index_from, rematch_from
from chalicelib.aws.vulnerabilities.index_store import index_key
from chalicelib.domain.errors import UploadIncompleteError
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.vulnerabilities import current_index
from chalicelib.domain.vulnerabilities.advisory_index import PYPI, AdvisoryIndex
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex, IndexGiven
from chalicelib.domain.vulnerabilities.index_content import checked_index, index_from
from chalicelib.domain.vulnerabilities.rematch import Rematch
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot

UPLOAD_WINDOW: Final = timedelta(minutes=15)
# The content of an index never changes.
_KEPT_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class IndexUpload:
    """Where to put an index until ``expires_at``."""

    put: SignedRequest
    expires_at: Instant


@dataclass(frozen=True, slots=True)
class IndexState:
    """The current index, None if there is none, and how far the versions in use are matched against it."""

    current: CurrentIndex | None
    rematch: Rematch | None
    rematching: bool


def start_upload(services: Services, given: IndexGiven) -> IndexUpload:
    """A place for the bytes of an index, whose size and SHA-256 are signed. Raises InvalidInputError."""
    current_index.check_given(given)
    lifetime = int(UPLOAD_WINDOW.total_seconds())
    put = services.bucket.sign_put(index_key(given.ecosystem, given.sha256), given.size, given.sha256, lifetime)
    return IndexUpload(put, later(services.clock(), UPLOAD_WINDOW))


def make_current(services: Services, request: Request, given: IndexGiven) -> Changed[CurrentIndex]:
    """Have versions matched against an index that was uploaded. The keeper then goes through those in use.

    Raises UploadIncompleteError if S3 does not have these bytes, InvalidAdvisoryIndexError, InvalidInputError,
    PreconditionFailedError.
    """
    current_index.check_given(given)
    content = services.advisories.read(given.ecosystem, given.sha256, given.size)
    if content is None:
        raise UploadIncompleteError(
            f"The bytes of the index {given.sha256} are not uploaded, or are others: start its upload, then put them."
        )
    index = checked_index(content, given.ecosystem)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[CurrentIndex]:
        present = snapshot.get(CurrentIndex, given.ecosystem)
        revision = None if present is None else present.revision
        request.check_match_if_there(revision, f"There is no advisory index of {given.ecosystem}")
        registry = loaded_state(snapshot)
        return current_index.make_current(registry, present, given, index.advisories, index.packages, stamp)

    def recall(ecosystem: str) -> CurrentIndex:
        return current_index.existing(find_current(services, ecosystem))

    return change_registry(services, request, decide, recall, [keys.advisory_index(given.ecosystem)])


def find_current(services: Services, ecosystem: str = PYPI) -> CurrentIndex | None:
    """The index that counts now, if there is one."""
    stored = services.table.get(keys.advisory_index(ecosystem))
    return None if stored is None else current_index_from(stored)


def index_state(services: Services, ecosystem: str = PYPI) -> IndexState:
    """The index that counts now, and whether versions are being matched against it."""
    places = keys.advisory_index(ecosystem), keys.rematch(ecosystem)
    found = services.table.load(places)
    current, rematch = (found.get(key) for key in places)
    return IndexState(
        None if current is None else current_index_from(current),
        None if rematch is None else rematch_from(rematch),
        rematch is not None and "due_at" in rematch,
    )


def load_index(services: Services, current: CurrentIndex) -> AdvisoryIndex:
    """The content of the current index, of which a process keeps one. Raises AdvisoryIndexLostError."""

    def read() -> tuple[str, AdvisoryIndex]:
        content = services.advisories.read(current.ecosystem, current.sha256, current.size)
        if content is None:
            raise current_index.AdvisoryIndexLostError(
                f"The bucket no longer has the bytes of the advisory index {current.sha256}: give the registry another "
                "with moorage vulnerabilities update."
            )
        return current.sha256, index_from(content)

    key = ("advisory_index", current.ecosystem)
    kept, index = services.remember(key, read, _KEPT_SECONDS)
    if kept != current.sha256:
        services.forget(key)
        _, index = services.remember(key, read, _KEPT_SECONDS)
    return index
