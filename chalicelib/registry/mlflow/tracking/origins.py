"""Where a version's files come from: a source, looked up. What it names must be the caller's to read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.mlflow.logged_files import Stored
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.errors import InvalidInputError, LoggedModelNotFoundError, VersionNotFoundError
from chalicelib.domain.mlflow.tracking import locations, mlmodel, sources
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, Run
from chalicelib.domain.mlflow.tracking.evidence import Evidence, described
from chalicelib.domain.mlflow.tracking.sources import Elsewhere, Logged, OfRun, OfVersion, Proxied
from chalicelib.domain.versions.decisions import Registered, ready
from chalicelib.domain.versions.intake import SourceFile
from chalicelib.domain.versions.manifest import MAX_FILES, Proof
from chalicelib.domain.versions.version import Description
from chalicelib.registry.mlflow.tracking import artifacts, logged_models, rights, runs
from chalicelib.registry.versions.latest import get_latest
from chalicelib.registry.versions.versions import load_registered, resolve

_LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """What a client says of the version to register, in its own words."""

    source: str
    description: Description
    run_id: str | None = None
    logged_model_id: str | None = None
    run_link: str | None = None


@dataclass(frozen=True, slots=True)
class RegistrationSource:
    """What was found: the files to copy, none for a version whose files are elsewhere, and the description."""

    files: tuple[SourceFile, ...]
    description: Description


def find(services: Services, reader: Principal, wish: SourceRequest, base_url: str) -> RegistrationSource:
    """Raises InvalidInputError, PermissionDeniedError, and errors of what is not found."""
    if sources.is_prompt(wish.description.tags):
        return _elsewhere(services, reader, wish, wish.source)
    source = sources.parsed(wish.source, base_url)
    match source:
        case Logged(model_id):
            if wish.logged_model_id not in (None, "", model_id):
                raise InvalidInputError(
                    f"Invalid model version source: '{wish.source}' is not of the model_id {wish.logged_model_id!r}."
                )
            return _logged(services, reader, wish, model_id, base_url)
        case OfRun(run_id, path):
            return _of_run(services, reader, wish, run_id, path, base_url)
        case Proxied(path):
            return _proxied(services, reader, wish, path)
        case OfVersion(model, ref):
            return _of_version(services, reader, wish, model, ref)
        case Elsewhere(uri):
            return _elsewhere(services, reader, wish, uri)


def _logged(
    services: Services, reader: Principal, wish: SourceRequest, model_id: str, base_url: str
) -> RegistrationSource:
    model = logged_models.find(services, model_id)
    if model is not None:
        rights.check_read(reader, model.owner, f"logged model {model_id}", Action.DOWNLOAD)
        path = locations.proxied_path(model.artifact_uri, base_url)
        run = _run(services, reader, wish.run_id) or _readable_run(services, reader, model.source_run_id)
        if path is None:
            return _without_files(wish, model.artifact_uri, model_id, Evidence(run, model))
        return _with_files(services, wish, wish.source, model_id, _found(services, path), run, model)
    claim = services.table.get(keys.logged_place(model_id))
    if claim is None:
        raise LoggedModelNotFoundError(f"Logged model with ID '{model_id}' not found.")
    rights.check_read(reader, str(claim["owner"]), f"logged model {model_id}", Action.DOWNLOAD)
    run = _run(services, reader, wish.run_id)
    return _with_files(services, wish, wish.source, model_id, _found(services, str(claim["root"])), run, None)


def _of_run(
    services: Services, reader: Principal, wish: SourceRequest, run_id: str, path: str, base_url: str
) -> RegistrationSource:
    if wish.run_id not in (None, "", run_id):
        raise InvalidInputError(
            f"Invalid model version source: '{wish.source}'. The run_id request parameter names another run."
        )
    run = runs.existing(services, run_id)
    rights.check_read(reader, run.owner, f"run {run_id}", Action.DOWNLOAD)
    named = replace(wish, run_id=run_id)
    root = locations.proxied_path(run.artifact_uri, base_url)
    if root is None:
        return _without_files(named, f"{run.artifact_uri}/{path}".rstrip("/"), None, Evidence(run))
    files = _found(services, locations.safe_path(f"{root}/{path}" if path else root))
    if not files:
        output = runs.output_named(services, run, path)
        if output is not None:
            return _logged(services, reader, named, output.id, base_url)
        raise _nothing(wish.source)
    return _with_files(services, named, wish.source, None, files, run, None)


def _proxied(services: Services, reader: Principal, wish: SourceRequest, path: str) -> RegistrationSource:
    artifacts.check_read(services, reader, path)
    place = locations.place(path)
    for named, within, what in (
        (wish.run_id, place.run_id, "run_id"),
        (wish.logged_model_id, place.model_id, "model_id"),
    ):
        if named is not None and within is not None and named != within:
            raise InvalidInputError(
                f"Invalid model version source: '{wish.source}'. The {what} request parameter must identify the "
                "resource that contains the source."
            )
    model_id = place.model_id or wish.logged_model_id
    model = _model(services, reader, model_id)
    run = _run(services, reader, wish.run_id or place.run_id)
    if run is None and model is not None:
        run = _readable_run(services, reader, model.source_run_id)
    whole = replace(wish, run_id=wish.run_id or place.run_id)
    return _with_files(services, whole, wish.source, model_id, _found(services, path), run, model)


def _of_version(services: Services, reader: Principal, wish: SourceRequest, model: str, ref: str) -> RegistrationSource:
    reader.check(Action.DOWNLOAD, model)
    found = load_registered(services, model, _number(services, model, ref))
    version = ready(found.version)
    said = version.description
    if sources.is_prompt(said.tags):
        raise InvalidInputError(
            f"Invalid model version source: '{wish.source}'. Prompt versions cannot be used as model version sources."
        )
    before = dict(said.provenance)
    kept, run = dict(before.get("artifact_source") or {}), dict(before.get("run") or {})
    logged = kept.get("logged_model")
    if wish.run_id not in (None, run.get("id")) or wish.logged_model_id not in (None, logged):
        raise InvalidInputError(
            f"Invalid model version source: '{wish.source}'. The run_id and model_id request parameters must match the "
            "referenced model version."
        )
    # One whose files are elsewhere stays one of these.
    uri = f"models:/{model}/{version.number}" if found.files else str(kept.get("uri") or wish.source)
    provenance = {
        **before,
        "run": _given({**run, **_given({"url": wish.run_link})}),
        "artifact_source": _given({"uri": uri, "logged_model": logged}),
    }
    description = replace(
        wish.description,
        parameters=said.parameters,
        metrics=said.metrics,
        provenance={name: value for name, value in provenance.items() if value},
        framework=said.framework,
        signature=said.signature,
    )
    return RegistrationSource(tuple(_of_manifest(found)), description)


def _number(services: Services, model: str, ref: str) -> int:
    """The version that ``models:/<model>/<ref>`` means: its number, its alias, the latest, or the last in a stage."""
    if ref.startswith("@") or (ref.isascii() and ref.isdigit()):
        return resolve(services, model, ref if ref.startswith("@") else str(int(ref)))
    newest = get_latest(services, model)
    if ref.lower() == _LATEST:
        standing = newest.versions
    else:
        # As MLflow calls the first stage and the last, whatever the scheme does.
        own = {"none": newest.scheme.initial, "archived": newest.scheme.archive}.get(ref.lower(), ref)
        standing = tuple(version for version in newest.versions if version.stage.lower() == own.lower())
    if not standing:
        raise VersionNotFoundError(f"No version of {model!r} stands in {ref!r}; name one by its number.")
    return standing[-1].number


def _of_manifest(found: Registered) -> Iterable[SourceFile]:
    for file in found.files:
        if file.uri is not None:
            yield SourceFile(file.path, file.size, sha256=file.sha256, uri=file.uri)
        else:
            key = object_key(found.version.uid, file.path)
            # Of a file that was uploaded in parts S3 has proved the parts' hashes, and never its own.
            proven = file.sha256 if file.verified is Proof.SHA256 else None
            yield SourceFile(file.path, file.size, key, file.s3_version or "", proven)


def _elsewhere(services: Services, reader: Principal, wish: SourceRequest, uri: str) -> RegistrationSource:
    evidence = Evidence(_run(services, reader, wish.run_id), _model(services, reader, wish.logged_model_id))
    return _without_files(wish, uri, wish.logged_model_id, evidence)


def _without_files(wish: SourceRequest, uri: str, model_id: str | None, evidence: Evidence) -> RegistrationSource:
    return RegistrationSource((), described(wish.description, evidence, uri, model_id, wish.run_id, wish.run_link))


def _with_files(
    services: Services,
    wish: SourceRequest,
    uri: str,
    model_id: str | None,
    files: tuple[SourceFile, ...],
    run: Run | None,
    model: LoggedModel | None,
) -> RegistrationSource:
    if not files:
        raise _nothing(wish.source)
    evidence = Evidence(run, model, _text(services, files, "MLmodel"), _text(services, files, "requirements.txt"))
    run_id = wish.run_id or (model.source_run_id if model else None)
    return RegistrationSource(files, described(wish.description, evidence, uri, model_id, run_id, wish.run_link))


def _run(services: Services, reader: Principal, run_id: str | None) -> Run | None:
    """The run that the caller names; None if the registry does not know it. Raises PermissionDeniedError."""
    run = runs.find(services, run_id) if run_id else None
    if run is not None:
        rights.check_read(reader, run.owner, f"run {run.id}")
    return run


def _readable_run(services: Services, reader: Principal, run_id: str) -> Run | None:
    """The run that a logged model names, of whose evidence the version does without if it is not for the reader."""
    run = runs.find(services, run_id) if run_id else None
    return run if run is not None and rights.may_read(reader, run.owner) else None


def _model(services: Services, reader: Principal, model_id: str | None) -> LoggedModel | None:
    """The logged model that the caller names; None if the registry does not know it. Raises PermissionDeniedError."""
    model = logged_models.find(services, model_id) if model_id else None
    if model is not None:
        rights.check_read(reader, model.owner, f"logged model {model.id}")
    return model


def _found(services: Services, path: str) -> tuple[SourceFile, ...]:
    below = tuple(map(_source_file, islice(services.logged_files.newest(path), MAX_FILES + 1)))
    if below:
        return below
    single = services.logged_files.newest_file(path)
    return () if single is None else (_source_file(single),)


def _source_file(stored: Stored) -> SourceFile:
    return SourceFile(stored.path, stored.size, stored.key, stored.s3_version)


def _text(services: Services, files: tuple[SourceFile, ...], name: str) -> str | None:
    file = next((one for one in files if one.path == name and one.size <= mlmodel.MAX_BYTES), None)
    if file is None:
        return None
    body = services.logged_files.read_version(file.key, file.s3_version)
    return None if body is None else body.decode(errors="replace")


def _nothing(source: str) -> InvalidInputError:
    return InvalidInputError(
        f"Invalid model version source: '{source}'. Nothing was logged there; log the model's files before it is "
        "registered."
    )


def _given(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
