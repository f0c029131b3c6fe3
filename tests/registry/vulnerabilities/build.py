"""Advisory indexes in the registry, and versions that require something."""

import hashlib
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.aws.vulnerabilities.index_store import index_key
from chalicelib.domain.instants import Instant
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex, IndexGiven
from chalicelib.registry.vulnerabilities import indexes
from tests.domain.vulnerabilities.build import compressed, document, entry, until
from tests.registry.build import MODEL, put_object, ready, request

TORCH = document({"torch": [entry("GHSA-1", until("2.6.0"))]}, aliases={"GHSA-1": ["CVE-1"]})
NUMPY = document({"numpy": [entry("GHSA-2", until("3"))]})
NOTHING = document({"else": [entry("GHSA-9", until("1"))]})


def stored_index(registry: Services, content: Any = TORCH, published_at: Instant | None = None) -> IndexGiven:
    """An index whose bytes are in the bucket, as it is announced: of now, unless it is of another time."""
    packed = content if isinstance(content, bytes) else compressed(content)
    digest = hashlib.sha256(packed).hexdigest()
    put_object(registry, index_key("PyPI", digest), packed)
    return IndexGiven(digest, len(packed), "all.zip", published_at or registry.clock())


def current_index(registry: Services, content: Any = TORCH, published_at: Instant | None = None) -> CurrentIndex:
    """An index that was made current."""
    return indexes.make_current(registry, request(), stored_index(registry, content, published_at)).result


def requiring(registry: Services, *lines: str, name: str = MODEL) -> Version:
    """A READY version of a model that exists."""
    return ready(registry, name, provenance={"runtime": {"requirements": list(lines)}})
