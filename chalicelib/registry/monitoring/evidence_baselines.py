"""Baselines that are read from an evidence file of a version."""

import hashlib

from chalicelib.aws.evidence.evidence_file_items import evidence_file_key
from chalicelib.aws.services import Services
from chalicelib.domain.errors import EvidenceFileNotFoundError
from chalicelib.domain.monitoring.evidence_baseline import POINTER, BaselineFile, check_size, histograms_in, origin
from chalicelib.domain.monitoring.monitor import invalid
from chalicelib.domain.statistics.histogram import Histogram
from chalicelib.registry.evidence.evidence_files import attached_file
from chalicelib.registry.versions.versions import resolve


def baseline_in(services: Services, model: str, taken: BaselineFile) -> tuple[tuple[Histogram, ...], str]:
    """The histograms of a file of a version of the model, and where they are from, in words.

    Exactly the object version that was proved is read, once. Raises VersionNotFoundError, AliasNotFoundError,
    EvidenceFileNotFoundError, BodyTooLargeError, InvalidInputError.
    """
    number = resolve(services, model, taken.version)
    place, file = attached_file(services, model, number, taken.name)
    check_size(taken.name, file)
    content = services.bucket.content(evidence_file_key(place, file.uid, taken.name), file.s3_version)
    if content is None:
        raise EvidenceFileNotFoundError(
            f"The evidence file {taken.name!r} of version {number} of {model!r} has been withdrawn. Attach it again."
        )
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise invalid(POINTER, "is not what was attached, by its SHA-256; attach it again under another name")
    return histograms_in(content), origin(number, taken.name, file)
