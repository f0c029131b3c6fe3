"""Scans of versions and their quarantine over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.route import Routes
from chalicelib.api.scanning.presenters import scan_document, version_scan_document
from chalicelib.api.scanning.schemas import ReleaseQuarantine, ScanView, VersionScanView
from chalicelib.aws.names import RELEASE_ROUTE
from chalicelib.domain.access.principal import Action

routes = Routes("scans")
_SCAN = "/v1/models/{model}/versions/{version}/scan"


@routes.get(_SCAN, Action.READ, answers={200: ScanView})
def get_scan(call: Call, model: str, version: str) -> Answer:
    """Show the scan of a version with what was found in its files."""
    shown = registry.scanning.scans.get_scan(call.services, model, version)
    return Answer(scan_document(shown), revision=shown.version.revision)


@routes.post(_SCAN, Action.REGISTER, answers={200: VersionScanView})
def request_scan(call: Call, model: str, version: str) -> Answer:
    """Scan a READY version, for the first time or again. Until the new verdict, the last one holds."""
    asked = registry.scanning.scans.request_scan(call.services, call.change(), model, version)
    return changed(asked, version_scan_document, revision_of)


@routes.put(RELEASE_ROUTE, Action.OVERRIDE, answers={200: VersionScanView})
def release_quarantine(call: Call, model: str, version: str, body: ReleaseQuarantine) -> Answer:
    """Break the glass: give out the bytes of a version in quarantine until a time."""
    released = registry.scanning.scans.release(
        call.services, call.change(), model, version, body.reason, body.expires_at
    )
    return changed(released, version_scan_document, revision_of)


@routes.delete(RELEASE_ROUTE, Action.OVERRIDE, answers={204: None})
def restore_quarantine(call: Call, model: str, version: str) -> Answer:
    """End a release before its time. The version is in quarantine again."""
    return gone(registry.scanning.scans.restore_quarantine(call.services, call.change(), model, version))
