"""Evidence files of versions over HTTP: the API hands out presigned URLs, and S3 moves the bytes."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, whole_list
from chalicelib.api.document import ItemsView
from chalicelib.api.evidence.evidence_file_schemas import (
    EvidenceFileDownloadView,
    EvidenceFileUploadView,
    EvidenceFileView,
    FinishEvidenceFile,
    ListEvidenceFiles,
    StartEvidenceFile,
)
from chalicelib.api.evidence.presenters import (
    evidence_file_document,
    evidence_file_download_document,
    evidence_file_upload_document,
)
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("evidence_files")


@routes.get(
    "/v1/models/{model}/versions/{version}/evidence-files", Action.READ, answers={200: ItemsView[EvidenceFileView]}
)
def list_evidence_files(call: Call, model: str, version: str, query: ListEvidenceFiles) -> Answer:
    """List the plots and reports that are attached to a version."""
    files = registry.evidence.evidence_files.list_files(call.services, model, version)
    wanted = [one for one in files if query.evaluation in (None, one.entry.evaluation)]
    return whole_list(wanted, evidence_file_document)


@routes.get(
    "/v1/models/{model}/versions/{version}/evidence-files/{evidence_file}",
    Action.READ,
    answers={200: EvidenceFileDownloadView},
)
def get_evidence_file(call: Call, model: str, version: str, evidence_file: str) -> Answer:
    """Show an evidence file with a URL to download it."""
    found = registry.evidence.evidence_files.get_file(call.services, model, version, evidence_file)
    return Answer(evidence_file_download_document(found), revision=found.file.entry.revision, secret=True)


@routes.post(
    "/v1/models/{model}/versions/{version}/evidence-files/{evidence_file}/upload",
    Action.REPORT,
    answers={200: EvidenceFileUploadView},
)
def start_evidence_file(call: Call, model: str, version: str, evidence_file: str, body: StartEvidenceFile) -> Answer:
    """Start the upload of a plot or report to a READY version."""
    upload = registry.evidence.evidence_files.start_upload(
        call.services, model, version, evidence_file, body.new_file()
    )
    return Answer(evidence_file_upload_document(upload), secret=True)


@routes.post(
    "/v1/models/{model}/versions/{version}/evidence-files/{evidence_file}/finalise",
    Action.REPORT,
    answers={200: EvidenceFileView},
)
def finish_evidence_file(call: Call, model: str, version: str, evidence_file: str, body: FinishEvidenceFile) -> Answer:
    """Verify an uploaded evidence file and list it."""
    attached = registry.evidence.evidence_files.finish_upload(
        call.services, call.change(), model, version, evidence_file, body.id
    )
    return changed(attached, evidence_file_document, lambda one: one.entry.revision)


@routes.delete(
    "/v1/models/{model}/versions/{version}/evidence-files/{evidence_file}", Action.REPORT, answers={204: None}
)
def withdraw_evidence_file(call: Call, model: str, version: str, evidence_file: str) -> Answer:
    """Withdraw an evidence file."""
    return gone(
        registry.evidence.evidence_files.withdraw_file(call.services, call.change(), model, version, evidence_file)
    )
