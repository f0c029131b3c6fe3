"""Look up the source that a version is registered from. The caller must be allowed to read what it names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.mlflow.logged_files import Stored, logged_files
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.errors import InvalidInputError, LoggedModelNotFoundError, VersionNotFoundError
from chalicelib.domain.mlflow import mlmodel, sources
from chalicelib.domain.mlflow.evidence import Evidence, described
from chalicelib.domain.mlflow.sources import ExternalSource, LoggedModelSource, ProxySource, RunSource, VersionSource
from chalicelib.domain.mlflow.tracking import locations
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, Run
from chalicelib.domain.versions.decisions import Registered, ready
from chalicelib.domain.versions.intake import SourceFile
from chalicelib.domain.versions.manifest import MAX_FILES, Proof
from chalicelib.domain.versions.quarantine import check_bytes
from chalicelib.domain.versions.version import Description
from chalicelib.registry.mlflow.tracking import artifacts, logged_models, long_params, rights, runs
from chalicelib.registry.versions.latest import get_latest
from chalicelib.registry.versions.versions import load_registered, resolve

_LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """What the caller named: the source, as written, and what else it says about the version to register."""

    source: str
    description: Description
    run_id: str | None = None
    logged_model_id: str | None = None
    run_link: str | None = None


@dataclass(frozen=True, slots=True)
class RegistrationSource:
    """What was found: the description, and the files to copy. There are none if the files are outside the registry.

    ``authors`` made the files: who registered the version that is copied, or owns the run or model that logged them.
    """

    files: tuple[SourceFile, ...]
    description: Description
    authors: tuple[str, ...] = ()


def find(services: Services, reader: Principal, request: SourceRequest, base_url: str) -> RegistrationSource:
    """The files and the description for a version that is registered from ``request.source``.

    Raises InvalidInputError, PermissionDeniedError, RunNotFoundError, LoggedModelNotFoundError, ModelNotFoundError,
    VersionNotFoundError, AliasNotFoundError, VersionNotReadyError, ScanPendingError, QuarantinedError.
    """
    if sources.is_prompt(request.description.tags):
        return _from_outside(services, reader, request, request.source)
    source = sources.parse(request.source, base_url)
    match source:
        case LoggedModelSource(model_id):
            if request.logged_model_id not in (None, "", model_id):
                raise InvalidInputError(
                    f"Invalid model version source: '{request.source}' does not belong to the model_id "
                    f"{request.logged_model_id!r}."
                )
            return _from_logged_model(services, reader, request, model_id, base_url)
        case RunSource(run_id, path):
            return _from_run(services, reader, request, run_id, path, base_url)
        case ProxySource(path):
            return _from_proxy_path(services, reader, request, path)
        case VersionSource(model, ref):
            return _from_version(services, reader, request, model, ref)
        case ExternalSource(uri):
            return _from_outside(services, reader, request, uri)


def _from_logged_model(
    services: Services, reader: Principal, request: SourceRequest, model_id: str, base_url: str
) -> RegistrationSource:
    model = logged_models.find(services, model_id)
    if model is not None:
        rights.check_read(reader, model, f"logged model {model_id}", Action.DOWNLOAD)
        path = locations.proxied_path(model.artifact_uri, base_url)
        run = _run_behind(services, reader, request.run_id, model)
        if path is None:
            evidence = _evidence(services, run, model)
            return _described_without_files(request, model.artifact_uri, model_id, evidence)
        return _described_with_files(services, request, request.source, model_id, _files_at(services, path), run, model)
    claim = services.table.get(keys.logged_place(model_id))
    if claim is None:
        raise LoggedModelNotFoundError(f"Logged model with ID '{model_id}' not found.")
    rights.check_read(reader, artifacts.Place(str(claim["owner"])), f"logged model {model_id}", Action.DOWNLOAD)
    run = _run(services, reader, request.run_id)
    files = _files_at(services, str(claim["root"]))
    found = _described_with_files(services, request, request.source, model_id, files, run, None)
    return replace(found, authors=(*found.authors, str(claim["owner"])))


def _from_run(
    services: Services, reader: Principal, request: SourceRequest, run_id: str, path: str, base_url: str
) -> RegistrationSource:
    if request.run_id not in (None, "", run_id):
        raise InvalidInputError(
            f"Invalid model version source: '{request.source}'. The run_id request parameter names another run."
        )
    run = runs.existing(services, run_id)
    rights.check_read(reader, run, f"run {run_id}", Action.DOWNLOAD)
    named = replace(request, run_id=run_id)
    root = locations.proxied_path(run.artifact_uri, base_url)
    if root is None:
        uri = f"{run.artifact_uri}/{path}".rstrip("/")
        return _described_without_files(named, uri, None, _evidence(services, run, None))
    files = _files_at(services, locations.safe_path(f"{root}/{path}" if path else root))
    if not files:
        output = runs.output_named(services, run, path)
        if output is not None:
            return _from_logged_model(services, reader, named, output.id, base_url)
        raise _nothing_logged(request.source)
    return _described_with_files(services, named, request.source, None, files, run, None)


def _from_proxy_path(services: Services, reader: Principal, request: SourceRequest, path: str) -> RegistrationSource:
    artifacts.check_read(services, reader, path)
    logged = locations.logged_path(path)
    for named, within, what in (
        (request.run_id, logged.run_id, "run_id"),
        (request.logged_model_id, logged.model_id, "model_id"),
    ):
        if named is not None and within is not None and named != within:
            raise InvalidInputError(
                f"Invalid model version source: '{request.source}'. The {what} request parameter must identify the "
                "resource that contains the source."
            )
    model_id = logged.model_id or request.logged_model_id
    model = _model(services, reader, model_id)
    run = _run_behind(services, reader, request.run_id or logged.run_id, model)
    completed = replace(request, run_id=request.run_id or logged.run_id)
    return _described_with_files(services, completed, request.source, model_id, _files_at(services, path), run, model)


def _from_version(
    services: Services, reader: Principal, request: SourceRequest, model: str, ref: str
) -> RegistrationSource:
    reader.check(Action.DOWNLOAD, model)
    found = load_registered(services, model, _number(services, model, ref))
    version = ready(found.version)
    check_bytes(model, version.number, version.clearance, services.clock())
    source = version.description
    if sources.is_prompt(source.tags):
        raise InvalidInputError(
            f"Invalid model version source: '{request.source}'. Prompt versions cannot be used as model version "
            "sources."
        )
    before = dict(source.provenance)
    kept, run = dict(before.get("artifact_source") or {}), dict(before.get("run") or {})
    logged = kept.get("logged_model")
    if request.run_id not in (None, run.get("id")) or request.logged_model_id not in (None, logged):
        raise InvalidInputError(
            f"Invalid model version source: '{request.source}'. The run_id and model_id request parameters must match "
            "the referenced model version."
        )
    # The files of a version without files in the registry stay where they are.
    location = None if found.files else str(kept.get("location") or kept.get("uri") or "")
    provenance = {
        **before,
        "run": _without_empty({**run, **_without_empty({"url": request.run_link})}),
        "artifact_source": _without_empty(
            {"uri": f"models:/{model}/{version.number}", "location": location, "logged_model": logged}
        ),
    }
    description = replace(
        request.description,
        parameters=source.parameters,
        metrics=source.metrics,
        provenance={name: value for name, value in provenance.items() if value},
        framework=source.framework,
        signature=source.signature,
    )
    return RegistrationSource(tuple(_manifest_files(found)), description, (version.created_by, *version.authors))


def _number(services: Services, model: str, ref: str) -> int:
    """The number of the version that ``models:/<model>/<ref>`` names.

    ``ref`` is a number, ``@alias``, ``latest``, or a stage, which means the newest version in that stage.
    """
    if ref.startswith("@") or (ref.isascii() and ref.isdigit()):
        return resolve(services, model, ref if ref.startswith("@") else str(int(ref)))
    newest = get_latest(services, model)
    if ref.lower() == _LATEST:
        candidates = newest.versions
    else:
        # MLflow's names for the first and the last stage, whatever the scheme calls them.
        stage = {"none": newest.scheme.initial, "archived": newest.scheme.archive}.get(ref.lower(), ref)
        candidates = tuple(version for version in newest.versions if version.stage.lower() == stage.lower())
    if not candidates:
        raise VersionNotFoundError(f"'models:/{model}/{ref}' names no version; use a version's number.")
    return candidates[-1].number


def _manifest_files(found: Registered) -> Iterable[SourceFile]:
    for file in found.files:
        if file.uri is not None:
            yield SourceFile(file.path, file.size, sha256=file.sha256, uri=file.uri)
        else:
            key = object_key(found.version.uid, file.path)
            # For a file that was uploaded in parts, S3 has proved the hashes of the parts, not that of the whole file.
            proven = file.sha256 if file.verified is Proof.SHA256 else None
            yield SourceFile(file.path, file.size, key, file.s3_version or "", proven)


def _from_outside(services: Services, reader: Principal, request: SourceRequest, uri: str) -> RegistrationSource:
    model = _model(services, reader, request.logged_model_id)
    run = _run_behind(services, reader, request.run_id, model)
    evidence = _evidence(services, run, model)
    return _described_without_files(request, uri, request.logged_model_id, evidence)


def _described_without_files(
    request: SourceRequest, uri: str, model_id: str | None, evidence: Evidence
) -> RegistrationSource:
    run_id = _run_id(request, evidence.model)
    return RegistrationSource((), described(request.description, evidence, uri, model_id, run_id, request.run_link))


def _described_with_files(
    services: Services,
    request: SourceRequest,
    uri: str,
    model_id: str | None,
    files: tuple[SourceFile, ...],
    run: Run | None,
    model: LoggedModel | None,
) -> RegistrationSource:
    if not files:
        raise _nothing_logged(request.source)
    evidence = replace(
        _evidence(services, run, model),
        mlmodel=_text_of(services, files, "MLmodel"),
        requirements=_text_of(services, files, "requirements.txt"),
    )
    run_id = _run_id(request, model)
    owners = tuple(logged.owner for logged in (run, model) if logged is not None)
    description = described(request.description, evidence, uri, model_id, run_id, request.run_link)
    return RegistrationSource(files, description, owners)


def _evidence(services: Services, run: Run | None, model: LoggedModel | None) -> Evidence:
    """What was logged, with all parameters."""
    return Evidence(
        None if run is None else long_params.with_all(services, run),
        None if model is None else long_params.with_all(services, model),
    )


def _run(services: Services, reader: Principal, run_id: str | None) -> Run | None:
    """The run that the caller named; None if the registry does not know it. Raises PermissionDeniedError."""
    run = runs.find(services, run_id) if run_id else None
    if run is not None:
        rights.check_read(reader, run, f"run {run.id}")
    return run


def _run_behind(services: Services, reader: Principal, run_id: str | None, model: LoggedModel | None) -> Run | None:
    """The run that the caller named, else the one that the logged model names. Raises PermissionDeniedError.

    None if the registry does not know it, or if only the model names it and the reader may not read it. Then the
    version has no evidence of it.
    """
    if run_id or model is None:
        return _run(services, reader, run_id)
    run = runs.find(services, model.source_run_id) if model.source_run_id else None
    return run if run is not None and rights.may_read(reader, run) else None


def _run_id(request: SourceRequest, model: LoggedModel | None) -> str | None:
    """The id of the run that the caller named, else of the one that the logged model names."""
    return request.run_id or (model.source_run_id if model else None)


def _model(services: Services, reader: Principal, model_id: str | None) -> LoggedModel | None:
    """The logged model that the caller named; None if the registry does not know it. Raises PermissionDeniedError."""
    model = logged_models.find(services, model_id) if model_id else None
    if model is not None:
        rights.check_read(reader, model, f"logged model {model.id}")
    return model


def _files_at(services: Services, path: str) -> tuple[SourceFile, ...]:
    below = tuple(map(_source_file, islice(logged_files(services).newest(path), MAX_FILES + 1)))
    if below:
        return below
    single = logged_files(services).newest_file(path)
    return () if single is None else (_source_file(single),)


def _source_file(stored: Stored) -> SourceFile:
    return SourceFile(stored.path, stored.size, stored.key, stored.s3_version)


def _text_of(services: Services, files: tuple[SourceFile, ...], name: str) -> str | None:
    file = next((one for one in files if one.path == name and one.size <= mlmodel.MAX_BYTES), None)
    if file is None:
        return None
    body = logged_files(services).read_version(file.key, file.s3_version)
    return None if body is None else body.decode(errors="replace")


def _nothing_logged(source: str) -> InvalidInputError:
    return InvalidInputError(
        f"Invalid model version source: '{source}'. Nothing was logged there; log the model's files before it is "
        "registered."
    )


def _without_empty(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
