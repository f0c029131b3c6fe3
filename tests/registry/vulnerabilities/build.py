"""Advisory indexes in the registry, and versions that require something."""

import hashlib
from datetime import timedelta
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.aws.vulnerabilities.index_store import index_key
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex, IndexGiven
from chalicelib.domain.vulnerabilities.statement import StatementGiven, VexStatus
from chalicelib.registry.vulnerabilities import assessing, indexes, stating
from tests.domain.vulnerabilities.build import compressed, document, entry, until
from tests.registry.arranged import a_model
from tests.registry.build import MODEL, put_object, ready, request

TORCH = document({"torch": [entry("GHSA-1", until("2.6.0"))]}, aliases={"GHSA-1": ["CVE-1"]})
NUMPY = document({"numpy": [entry("GHSA-2", until("3"))]})
LIFTED = StatementGiven(VexStatus.NOT_AFFECTED, "code_not_reachable")
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


def a_requiring_version(registry: Services, name: str) -> str:
    """The number of a READY version that requires what the index TORCH knows, which is current. It is not matched."""
    current_index(registry)
    return str(requiring(registry, "torch==2.5.0", name=a_model(registry, name)).number)


def a_vulnerable_version(registry: Services, name: str) -> str:
    """The same, matched against it."""
    number = a_requiring_version(registry, name)
    assessing.assess_again(registry, request(), name, number)
    return number


def a_vulnerable_version_and_newer_data(registry: Services, name: str) -> str:
    """A version that was matched, and the same advisories of a later time."""
    number = a_vulnerable_version(registry, name)
    current_index(registry, TORCH, later(registry.clock(), timedelta(milliseconds=1)))
    return number


def a_version_that_is_resolved(registry: Services, name: str) -> str:
    """A vulnerable version, and an index that knows nothing of it any more."""
    number = a_vulnerable_version(registry, name)
    current_index(registry, NOTHING)
    return number


def a_stated_version(registry: Services, name: str) -> str:
    """A vulnerable version of which something is stated."""
    number = a_vulnerable_version(registry, name)
    stating.state(registry, request(), name, number, "GHSA-1", LIFTED)
    return number
