"""The Hugging Face Hub's dialect: what its clients ask, and who is told what."""

import pytest
import requests

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.domain.versions.commits import commit_of
from tests.api import serving
from tests.api.gateway import Function, Reply
from tests.registry import build
from tests.registry.faults import Calls

MODEL = "/hf/api/models/moorage/fraud"


@pytest.fixture
def commit(registry: Services) -> str:
    """The commit of the champion of ``fraud``."""
    return commit_of(1, serving.champion(registry))


@pytest.fixture
def consumer(commit: str) -> Function:
    return serving.as_role()


def refusal(reply: Reply) -> tuple[int, str | None]:
    return reply.status, reply.headers.get("X-Error-Code")


@pytest.mark.parametrize("revision", ["champion", "1"])
def test_a_revision_is_a_commit_with_the_names_of_its_files(consumer: Function, commit: str, revision: str) -> None:
    info = consumer.get(f"{MODEL}/revision/{revision}").document
    assert (info["id"], info["sha"], info["private"]) == ("moorage/fraud", commit, True)
    assert [sibling["rfilename"] for sibling in info["siblings"]] == [*serving.FILES]


def test_a_commit_names_the_same_version_wherever_aliases_go(
    registry: Services, consumer: Function, commit: str
) -> None:
    build.ready_with(registry, ("model.safetensors", b"better"))
    serving.point(registry, "champion", 2)
    moved = consumer.get(f"{MODEL}/revision/champion").document["sha"]
    assert moved != commit
    assert consumer.get(f"{MODEL}/revision/{commit}").document["sha"] == commit
    pinned = consumer.get(f"/hf/moorage/fraud/resolve/{commit}/model.safetensors")
    assert requests.get(pinned.headers["Location"], timeout=5).content == b"weights"


@pytest.mark.parametrize("commit_of_no_version", ["f" * 40, "00000001" + "0" * 32, "00000000" + "0" * 32])
def test_a_commit_of_other_files_is_no_revision(consumer: Function, commit_of_no_version: str) -> None:
    file = f"/hf/moorage/fraud/resolve/{commit_of_no_version}/config.json"
    for path in (f"{MODEL}/revision/{commit_of_no_version}", f"{MODEL}/tree/{commit_of_no_version}", file):
        assert refusal(consumer.get(path)) == (404, "RevisionNotFound")


def test_without_a_revision_the_alias_main_is_meant(registry: Services, consumer: Function, commit: str) -> None:
    assert refusal(consumer.get(MODEL)) == (404, "RevisionNotFound")
    serving.point(registry, "main", 1)
    assert consumer.get(MODEL).document["sha"] == commit


def test_a_tree_lists_every_file_with_its_size_and_sha256(consumer: Function, commit: str) -> None:
    entries = consumer.get(f"{MODEL}/tree/{commit}", query={"recursive": "true", "expand": "false"}).document
    assert {entry["path"]: (entry["size"], entry["lfs"]["oid"], entry["type"]) for entry in entries} == {
        path: (len(content), build.sha256(content), "file") for path, content in serving.FILES.items()
    }


def test_a_tree_shows_one_level_unless_asked_for_all(consumer: Function) -> None:
    level = consumer.get(f"{MODEL}/tree/champion").document
    assert [(entry["type"], entry["path"]) for entry in level] == [
        ("file", "config.json"),
        ("file", "model.safetensors"),
        ("directory", "onnx"),
    ]
    # Clients encode the slashes of a directory too.
    below = consumer.get(f"{MODEL}/tree/champion/onnx").document
    assert [entry["path"] for entry in below] == ["onnx/model.onnx", "onnx/notes.md"]
    assert refusal(consumer.get(f"{MODEL}/tree/champion/tokenizer%2Fgone")) == (404, "EntryNotFound")


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_file_is_a_redirect_with_its_digest_and_counts_as_a_use(
    consumer: Function, commit: str, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    found = consumer.request(method, "/hf/moorage/fraud/resolve/champion/onnx/model.onnx")
    digest = build.sha256(b"graph")
    assert (found.status, found.text, found.headers["Cache-Control"]) == (302, "", "no-store")
    assert (found.headers["X-Linked-Etag"], found.headers["X-Linked-Size"]) == (f'"{digest}"', "5")
    assert (found.etag, found.headers["X-Repo-Commit"]) == (f'"{digest}"', commit)
    # Clients get what HEAD led them to.
    assert requests.get(found.headers["Location"], timeout=5).content == b"graph"
    assert serving.uses(capsys) == [("file", 1, "champion")]


def test_names_that_the_hub_does_not_allow_are_written_in_hexadecimal(registry: Services) -> None:
    build.model(registry, "Größe: no".replace(":", ""))
    build.ready(registry, "Größe no")
    name = "Größe no".encode().hex()
    reply = serving.as_role().get(f"/hf/moorage-hex/{name}/resolve/1/model.bin")
    assert reply.status == 302


def test_what_the_caller_may_not_read_is_as_if_it_were_not_there(consumer: Function) -> None:
    other = serving.as_role(Role.ADMIN, "other*")
    for path in ("/hf/api/models/moorage/{}", "/hf/api/models/moorage/{}/tree/1", "/hf/moorage/{}/resolve/1/a"):
        hidden, absent = other.get(path.format("fraud")), other.get(path.format("fraus"))
        assert refusal(hidden) == refusal(absent) == (404, "RepoNotFound")
        assert hidden.text.replace("fraud", "fraus") == absent.text
    # Somebody who may read it learns the difference between a model and a revision that is missing.
    assert refusal(consumer.get("/hf/api/models/moorage/fraus")) == (404, "RepoNotFound")
    assert refusal(consumer.get(f"{MODEL}/revision/7")) == (404, "RevisionNotFound")


def test_who_may_read_but_not_download_meets_a_gate(commit: str) -> None:
    viewer = serving.as_role(Role.VIEWER)
    assert viewer.get(f"{MODEL}/tree/champion").status == 200
    assert refusal(viewer.get("/hf/moorage/fraud/resolve/champion/config.json")) == (403, "GatedRepo")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/hf/moorage/fraud/resolve/champion/absent.bin", (404, "EntryNotFound")),
        ("/hf/moorage/fraud/resolve/refs%2Fpr%2F1/config.json", (404, "RevisionNotFound")),
        ("/hf/fraud/resolve/champion/config.json", (404, "RepoNotFound")),
        ("/hf/openai/fraud/resolve/champion/config.json", (404, "RepoNotFound")),
        ("/hf/moorage-hex/6/resolve/champion/config.json", (404, "RepoNotFound")),
        ("/hf/moorage-hex/ff/resolve/champion/config.json", (404, "RepoNotFound")),
        ("/hf/moorage/fraud/resolve/champion/%ff", (404, None)),
        ("/hf/api/whoami-v2", (404, None)),
        ("/hf/api/models", (404, None)),
    ],
)
def test_what_is_not_there_is_said_in_the_hubs_codes(
    consumer: Function, path: str, expected: tuple[int, str | None]
) -> None:
    assert refusal(consumer.get(path)) == expected


def test_a_version_that_is_not_ready_or_is_deleted_is_no_revision(registry: Services, consumer: Function) -> None:
    build.pending(registry)
    assert refusal(consumer.get(f"{MODEL}/revision/2")) == (404, "RevisionNotFound")
    build.ready(registry)
    assert consumer.get(f"{MODEL}/revision/3").status == 200
    assert serving.as_role(Role.ADMIN).delete("/v1/models/fraud/versions/3").status == 204
    assert refusal(consumer.get("/hf/moorage/fraud/resolve/3/model.bin")) == (404, "RevisionNotFound")


def test_messages_are_fit_for_a_header(consumer: Function) -> None:
    reply = consumer.get("/hf/api/models/moorage/gr%C3%B6%C3%9Fe")
    assert reply.headers["X-Error-Message"].isascii()


def test_nobody_is_served_without_a_token(commit: str) -> None:
    assert Function(None).get(MODEL).status == 401


@pytest.mark.parametrize("revision", ["champion", "1"])
@pytest.mark.parametrize(
    "path",
    [
        "api/models/moorage/fraud/revision/{}",
        "api/models/moorage/fraud/tree/{}",
        "moorage/fraud/resolve/{}/config.json",
    ],
)
def test_each_call_costs_one_read(registry: Services, consumer: Function, path: str, revision: str) -> None:
    calls = Calls(registry.client("dynamodb"))
    assert consumer.get("/hf/" + path.format(revision)).status in (200, 302)
    assert len(calls.operations) == 1
