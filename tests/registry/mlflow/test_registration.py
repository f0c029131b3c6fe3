"""Versions registered from what was logged own copies of the files, and nobody can take them away or change them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.mlflow.logged_files import logged_key
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.aws.versions.copier import CopyDiffersError
from chalicelib.domain.documents import MAX_TAGS
from chalicelib.domain.errors import (
    ConflictError,
    FileNotInManifestError,
    InvalidInputError,
    ModelNotFoundError,
)
from chalicelib.domain.instants import later
from chalicelib.domain.mlflow.tracking.entities import Metric
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.manifest import Proof, digest
from chalicelib.domain.versions.version import Status
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import audit, history
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.mlflow.registration import register_from_source
from chalicelib.registry.mlflow.tracking import artifacts, experiments, logged_models, runs
from chalicelib.registry.promotion import simulation, stages
from chalicelib.registry.versions import downloads, uploads, versions
from tests.domain.schemes.documents import document
from tests.registry import derived
from tests.registry.build import ADMIN, MODEL, model, ready_with, request, sha256
from tests.registry.faults import Calls, Crash, CrashAt
from tests.registry.mlflow.logged import (
    BASE_URL,
    FILES,
    failed,
    little_at_once,
    logged,
    many_files,
    put_files,
    register,
    root,
    run,
)


def stored(registry: Services, registered: Registered) -> dict[str, bytes]:
    """The bytes that the version's manifest pins."""
    uid = registered.version.uid
    return {
        file.path: registry.client("s3")
        .get_object(Bucket=registry.settings.bucket, Key=object_key(uid, file.path), VersionId=file.s3_version)["Body"]
        .read()
        for file in registered.files
    }


def events(registry: Services, name: str = MODEL) -> list[dict[str, Any]]:
    return list(audit.list_events(registry, f"model:{name}", "oldest", 100, None).items)


def pass_time(registry: Services, monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    now = later(registry.clock(), by)
    monkeypatch.setattr(registry, "clock", lambda: now)


def cut_off(registry: Services, source: str, key: str = "once") -> None:
    """A request to register that dies when the files are copied, before the version is registered."""
    with CrashAt(registry.client("dynamodb"), "TransactWriteItems", "before"), pytest.raises(Crash):
        register(registry, source, key=key)


def waiting(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model whose version 1 waits for the function that copies its files."""
    little_at_once(monkeypatch)
    model(registry)
    assert register(registry, f"models:/{many_files(registry).id}").result.version.status is Status.PENDING


def copies(registry: Services) -> int:
    """How many objects there are at places of versions."""
    listed = registry.client("s3").list_object_versions(Bucket=registry.settings.bucket, Prefix="artifacts/")
    return len(listed.get("Versions", ()))


@pytest.mark.parametrize("checksum", ["SHA256", "CRC32"])
def test_a_version_owns_copies_of_what_was_logged_whether_or_not_s3_knows_their_sha256(
    registry: Services, checksum: str
) -> None:
    model(registry)
    made = logged(registry, checksum=checksum)
    registered = register(registry, f"models:/{made.id}", model_id=made.id).result
    assert registered.version.status is Status.READY
    assert {file.path: file.sha256 for file in registered.files} == {name: sha256(body) for name, body in FILES.items()}
    assert {file.verified for file in registered.files} == {Proof.SHA256}
    assert registered.version.digest == digest(registered.files)
    assert (registered.version.file_count, registered.version.total_size) == (3, sum(map(len, FILES.values())))
    artifacts.delete(registry, ADMIN, root(made))
    assert stored(registry, registered) == FILES
    assert versions.load_registered(registry, MODEL, 1) == registered
    assert len(downloads.download_manifest(registry, MODEL, "1", 100, None).items) == 3


def test_a_copy_that_is_not_as_its_source_is_refused_and_nothing_is_registered(registry: Services) -> None:
    model(registry)
    made = logged(registry, files={"model.pkl": b"weights"}, checksum="CRC32")
    client = registry.client("s3")
    wrong: list[str] = []

    def alter(parsed: dict[str, Any], **_: Any) -> None:
        if "ChecksumSHA256" in parsed and not wrong:
            wrong.append(parsed["ChecksumSHA256"])
            parsed["ChecksumSHA256"] = "AAAA"

    client.meta.events.register("after-call.s3.HeadObject", alter)
    with pytest.raises(CopyDiffersError):
        register(registry, f"models:/{made.id}", key="once")
    assert wrong
    assert [event["type"] for event in events(registry)] == ["model.created"]
    assert stored(registry, register(registry, f"models:/{made.id}", key="once").result) == {"model.pkl": b"weights"}


def test_a_copy_of_which_s3_tells_no_checksum_is_held_to_its_size(registry: Services) -> None:
    model(registry)
    made = logged(registry, files={"model.pkl": b"weights"})
    lengths: list[int] = []

    def hide(parsed: dict[str, Any], **_: Any) -> None:
        parsed.pop("ChecksumSHA256", None)
        if lengths:
            parsed["ContentLength"] = lengths.pop()

    registry.client("s3").meta.events.register("after-call.s3.HeadObject", hide)
    registered = register(registry, f"models:/{made.id}").result
    assert [file.sha256 for file in registered.files] == [sha256(b"weights")]
    lengths.append(6)
    lengths.append(7)
    with pytest.raises(CopyDiffersError):
        register(registry, f"models:/{made.id}")


def test_what_a_request_that_was_cut_off_has_copied_goes_and_its_retry_makes_the_only_version(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    made = logged(registry)
    cut_off(registry, f"models:/{made.id}")
    assert [event["type"] for event in events(registry)] == ["model.created"]
    registered = register(registry, f"models:/{made.id}", key="once").result
    assert registered.version.number == 1
    assert copies(registry) == 2 * len(FILES)
    # The one that was cut off may still be at it.
    assert sweep_due(registry, "r") == 0
    pass_time(registry, monkeypatch, timedelta(minutes=16))
    assert sweep_due(registry, "r") == 1
    assert copies(registry) == len(FILES)
    assert stored(registry, registered) == FILES
    assert sweep_due(registry, "r") == 0


def test_the_events_say_what_was_found_and_the_trail_holds(registry: Services) -> None:
    model(registry)
    made = logged(registry, files={"model.pkl": b"weights"})
    registered = register(registry, f"models:/{made.id}").result
    created, ready = events(registry)[-2:]
    assert (created["type"], created["after"]["status"], created["after"]["file_count"]) == (
        "version.created",
        "PENDING",
        0,
    )
    assert created["after"]["provenance"]["artifact_source"]["logged_model"] == made.id
    assert ready["type"] == "version.ready"
    found = {"digest": registered.version.digest, "file_count": 1, "total_size": 7, "uid": registered.version.uid}
    assert ready["after"] == {"status": "READY", "metrics": {}, **found}
    assert ready["before"] == {"status": "PENDING", "digest": digest(()), "file_count": 0, "total_size": 0}
    check = audit.verify(registry, f"model:{MODEL}", 0)
    assert check.complete and check.fault is None


def test_a_past_with_such_versions_can_be_simulated_and_looked_at_as_of_a_time(registry: Services) -> None:
    model(registry)
    made = logged(registry)
    register(registry, f"models:/{made.id}")
    stages.transition(registry, request(), MODEL, "1", "production", None, None)
    blockers = []
    for expression in ("version.file_count == 3", "version.file_count == 0"):
        gate = {"name": "files", "kind": "condition", "expression": expression}
        move = {"from": "development", "to": "production", "gates": [gate]}
        archive = {"from": ["development", "production"], "to": "archived"}
        stages_of = [{"name": name} for name in ("development", "production", "archived")]
        places = {"stages": stages_of, "initial": "development", "archive": "archived"}
        proposed = document(name="other", **places, transitions=[move, archive])
        (found,) = simulation.simulate(registry, MODEL, proposed).moves
        blockers.append(len(found.blockers))
    assert blockers == [0, 1], "the files that the version has since it is READY are what gates see"
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)
    assert history.as_of(registry, MODEL, "alias:champion", registry.clock()).version == 1


def test_nobody_uploads_to_a_version_or_finalises_it_that_is_given_its_files(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(registry, monkeypatch)
    with pytest.raises(ConflictError, match="makes it READY itself"):
        uploads.finalise_version(registry, request(), MODEL, "1")
    with pytest.raises(FileNotInManifestError):
        uploads.part_urls(registry, MODEL, "1", "data/0", [(1, "a" * 64)])
    assert uploads.upload_plan(registry, MODEL, "1").files == ()
    assert versions.get_version(registry, MODEL, "1").status is Status.PENDING


def test_a_source_that_goes_while_it_is_copied_registers_nothing_and_its_copies_go(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    made = logged(registry)
    key = logged_key(f"{root(made)}/data/model.pkl")
    client, bucket = registry.client("s3"), registry.settings.bucket

    def remove(**_: Any) -> None:
        listed = client.list_object_versions(Bucket=bucket, Prefix=key)
        for one in listed.get("Versions", ()):
            client.delete_object(Bucket=bucket, Key=key, VersionId=one["VersionId"])

    client.meta.events.register("before-call.s3.CopyObject", remove)
    with pytest.raises(InvalidInputError, match=r"'data/model.pkl' no longer exists"):
        register(registry, f"models:/{made.id}")
    assert [event["type"] for event in events(registry)] == ["model.created"]
    pass_time(registry, monkeypatch, timedelta(minutes=16))
    assert sweep_due(registry, "r") == 1
    assert copies(registry) == 0


def test_registering_in_a_model_that_does_not_exist_copies_nothing(registry: Services) -> None:
    made = logged(registry)
    with pytest.raises(ModelNotFoundError), CrashAt(registry.client("s3"), "CopyObject", "before"):
        register(registry, f"models:/{made.id}")


@pytest.mark.parametrize("source", ["s3://bucket/model", "logged"])
def test_a_version_is_registered_and_ready_in_one_commit(registry: Services, source: str) -> None:
    model(registry)
    found = f"models:/{logged(registry).id}" if source == "logged" else source
    calls = Calls(registry.client("dynamodb"))
    registered = register(registry, found).result
    assert calls.operations.count("TransactWriteItems") == 1
    created, ready = events(registry)[-2:]
    assert (created["type"], ready["type"]) == ("version.created", "version.ready")
    assert created["time"] == ready["time"] == registered.version.ready_at
    assert registered.version.revision == ready["sequence"] == created["sequence"] + 1
    assert ready["id"] > created["id"]
    derived.check(registry)


def test_a_version_that_waits_in_vain_expires_and_says_why(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(registry, monkeypatch)
    pass_time(registry, monkeypatch, timedelta(hours=25))
    assert sweep_due(registry, "r") == 1
    ended = failed(registry, 1)
    assert ended is not None and ended.burial is not None and "not copied by" in str(ended.burial.reason)


def test_versions_that_are_ready_or_waiting_or_deleted_have_not_failed(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(registry, monkeypatch)
    register(registry, f"models:/{logged(registry).id}")
    assert failed(registry, 1) is None
    versions.delete_version(registry, request(), MODEL, "2")
    assert failed(registry, 2) is None
    assert failed(registry, 3) is None


@pytest.fixture
def model_with_version(registry: Services) -> str:
    """A model whose version 1 was uploaded, is the champion and in production."""
    model(registry)
    ready_with(registry, ("MLmodel", b"flavors: {}"), ("model.pkl", b"weights"))
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)
    stages.transition(registry, request(), MODEL, "1", "production", None, None)
    return model(registry, "copies")


@pytest.mark.parametrize("ref", ["/1", "/01", "@champion", "/latest", "/Production"])
def test_a_version_of_another_model_is_copied_however_it_is_named(
    registry: Services, model_with_version: str, ref: str
) -> None:
    registered = register(registry, f"models:/{MODEL}{ref}", model=model_with_version).result
    assert stored(registry, registered) == {"MLmodel": b"flavors: {}", "model.pkl": b"weights"}
    assert registered.version.digest == versions.get_version(registry, MODEL, "1").digest
    source = registered.version.description.provenance["artifact_source"]
    assert source == {"uri": f"models:/{MODEL}/1"}


def test_copying_a_version_reads_no_bytes_that_are_proven_already(registry: Services, model_with_version: str) -> None:
    with CrashAt(registry.client("s3"), "GetObject", "before"):
        register(registry, f"models:/{MODEL}/1", model=model_with_version)


def test_our_own_address_of_a_registered_version_means_that_version(
    registry: Services, model_with_version: str
) -> None:
    uri = f"{BASE_URL}/api/2.0/mlflow-artifacts/artifacts/registered/ZnJhdWQ/1"
    registered = register(registry, uri, model=model_with_version).result
    assert len(registered.files) == 2


def test_a_path_of_a_run_or_the_name_of_what_came_out_of_it_is_found(registry: Services) -> None:
    model(registry)
    begun = run(registry)
    put_files(registry, f"0/{begun.id}/artifacts/model", {"MLmodel": b"flavors: {}"})
    for source in (
        f"runs:/{begun.id}/model",
        f"mlflow-artifacts:/0/{begun.id}/artifacts/model",
        f"{BASE_URL}/api/2.0/mlflow-artifacts/artifacts/0/{begun.id}/artifacts/model",
    ):
        registered = register(registry, source).result
        assert [file.path for file in registered.files] == ["MLmodel"]
        assert registered.version.description.provenance["run"] == {"id": begun.id}
    single = register(registry, f"runs:/{begun.id}/model/MLmodel", run_id=begun.id).result
    assert [file.path for file in single.files] == ["MLmodel"]


def test_files_of_a_client_that_tracks_elsewhere_are_found_by_its_logged_models_id(registry: Services) -> None:
    model(registry)
    model_id = "m-" + "a" * 32
    artifacts.put(registry, ADMIN, f"team/models/{model_id}/artifacts/MLmodel", b"flavors: {}")
    registered = register(registry, f"models:/{model_id}", model_id=model_id).result
    assert [file.path for file in registered.files] == ["MLmodel"]


@pytest.mark.parametrize("source", ["s3://bucket/model", "gs://bucket/model", "dbfs:/model"])
def test_files_elsewhere_are_recorded_and_never_asked_for(registry: Services, source: str) -> None:
    model(registry)
    registered = register(registry, source, run_id="a" * 32).result
    assert (registered.version.status, registered.files) == (Status.READY, ())
    provenance = registered.version.description.provenance
    assert provenance == {"artifact_source": {"uri": source}, "run": {"id": "a" * 32}}
    for number in (1, 2):
        copied = register(registry, f"models:/{MODEL}/{number}").result
        copied_from = copied.version.description.provenance["artifact_source"]
        assert copied_from == {"uri": f"models:/{MODEL}/{number}", "location": source}


def test_files_elsewhere_have_the_run_of_their_logged_model_unless_another_is_named(registry: Services) -> None:
    model(registry)
    begun = run(registry)
    made = logged(registry, run_id=begun.id)
    source = "s3://bucket/model"
    own = register(registry, source, model_id=made.id).result.version.description.provenance
    assert (own["run"], own["author"]) == ({"id": begun.id}, "ada@example.com")
    assert own["artifact_source"] == {"uri": source, "logged_model": made.id}
    named = register(registry, source, model_id=made.id, run_id="a" * 32).result.version.description.provenance
    assert (named["run"], named.get("author")) == ({"id": "a" * 32}, None)


def test_a_logged_model_with_files_elsewhere_is_registered_with_its_run(registry: Services) -> None:
    model(registry)
    elsewhere = experiments.create_experiment(registry, ADMIN, "elsewhere", "s3://bucket/e", {})
    begun = run(registry)
    made = logged_models.create_logged_model(registry, ADMIN, elsewhere.id, "model", begun.id, "", {}, {})
    registered = register(registry, f"models:/{made.id}").result
    assert registered.version.description.provenance["run"] == {"id": begun.id}


def test_a_prompt_has_no_files_and_is_no_models_source(registry: Services) -> None:
    model(registry)
    registered = register(registry, "dummy-source", tags={"mlflow.prompt.is_prompt": "true"}).result
    assert (registered.version.status, registered.files) == (Status.READY, ())
    with pytest.raises(InvalidInputError, match="Prompt versions cannot be used"):
        register(registry, f"models:/{MODEL}/1")


def test_a_source_that_names_another_run_or_model_than_the_parameters_is_refused(registry: Services) -> None:
    model(registry)
    begun, other, made = run(registry), run(registry), logged(registry)
    put_files(registry, f"0/{begun.id}/artifacts/model")
    for source, run_id, model_id in (
        (f"runs:/{begun.id}/model", other.id, None),
        (f"mlflow-artifacts:/0/{begun.id}/artifacts/model", other.id, None),
        (f"models:/{made.id}", None, "m-" + "b" * 32),
        (f"mlflow-artifacts:/{root(made)}", None, "m-" + "b" * 32),
    ):
        with pytest.raises(InvalidInputError, match="Invalid model version source"):
            register(registry, source, run_id=run_id, model_id=model_id)
    register(registry, f"runs:/{begun.id}/model", run_id=begun.id)
    with pytest.raises(InvalidInputError, match="must match"):
        register(registry, f"models:/{MODEL}/1", run_id=other.id)
    assert [event["type"] for event in events(registry)] == ["model.created", "version.created", "version.ready"]


@pytest.mark.parametrize(
    "source",
    [
        "/tmp/model",
        "model",
        "file:///tmp/model",
        "FILE:/tmp/model",
        "C:\\model",
        "https://elsewhere.example/api/2.0/mlflow-artifacts/artifacts/x",
        "http://169.254.169.254/latest/meta-data",
        "hdfs://name/model",
        "ftp://host/model",
        "s3://bucket/../other",
        "s3://bucket/%2e%2e/other",
        "s3://bucket/%252e%252e/other",
        "s3://bucket/%25%32%65%25%32%65/other",
        "s3://bucket/model%00",
        "mlflow-artifacts:/0/../1",
        "mlflow-artifacts:/0/..%2f1",
        "mlflow-artifacts:/0/model?x=1",
        f"{BASE_URL}/api/2.0/mlflow-artifacts/artifacts/..%5c..%5cx",
        "models://host/fraud/1",
        "models:/fraud",
        "models:/fraud/1/2",
        "runs://host/x",
        "runs:/",
        "x" * 2_001,
        "",
    ],
)
def test_a_source_that_is_local_or_foreign_or_climbs_is_refused_and_nothing_is_written(
    registry: Services, source: str
) -> None:
    model(registry)
    with pytest.raises(InvalidInputError):
        register(registry, source)
    assert [event["type"] for event in events(registry)] == ["model.created"]


def test_a_source_without_files_is_refused(registry: Services) -> None:
    model(registry)
    made = logged(registry, files={})
    with pytest.raises(InvalidInputError, match="Nothing was logged there"):
        register(registry, f"models:/{made.id}", model_id=made.id)


def test_a_file_that_no_manifest_takes_is_refused_before_anything_is_written(registry: Services) -> None:
    model(registry)
    made = logged(registry, files={"a": b"1", "a/b": b"2"})
    with pytest.raises(InvalidInputError, match="both a file and a directory"):
        register(registry, f"models:/{made.id}", model_id=made.id)
    assert [event["type"] for event in events(registry)] == ["model.created"]


def test_a_version_with_as_much_evidence_as_there_can_be_is_registered(registry: Services) -> None:
    """Its search entries are written in the same transaction, which takes a hundred items."""
    model(registry)
    begun = run(registry)
    metrics = [Metric(f"metric-{number:03}", number / 7, 1) for number in range(900)]
    runs.log(registry, ADMIN, begun.id, metrics=metrics)
    runs.log(registry, ADMIN, begun.id, params=[(f"param-{number}", "x" * 400) for number in range(100)])
    made = logged(registry, run_id=begun.id)
    tags = {f"tag-{number}": "x" * 300 for number in range(MAX_TAGS)}
    registered = register(registry, f"models:/{made.id}", tags=tags, run_id=begun.id).result
    assert registered.version.status is Status.READY
    assert len(registered.version.description.metrics) > 100
    assert registered.version.description.parameters


def test_who_made_the_bytes_of_a_copy_counts_as_its_author_too(registry: Services) -> None:
    """Otherwise the original author could approve her own bytes in the copy that somebody else registered."""
    model(registry)
    model(registry, "copy")
    ready_with(registry, ("model.bin", b"weights"))
    bob = replace(request(), principal=replace(ADMIN, name="token:bob", person="robert"))
    cy = replace(request(), principal=replace(ADMIN, name="token:cy"))
    for asked, source, authors in (
        (bob, f"models:/{MODEL}/1", ("token:ada", "robert")),
        (cy, "models:/copy/1", ("token:bob", "token:ada", "robert")),
    ):
        registered = register_from_source(
            registry, asked, "copy", source, None, None, "", {}, None, reader=ADMIN, base_url=BASE_URL
        )
        assert registered.result.version.authors == authors
        found = versions.get_version(registry, "copy", str(registered.result.version.number))
        assert (found.created_by, found.authors) == (asked.principal.name, authors)
