"""Files by the end of the address: what clients need that know nothing of the registry."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from tests.api import serving
from tests.api.gateway import Function
from tests.registry import build

CHAMPION = "/v1/models/fraud/versions/@champion/files"


@pytest.fixture(autouse=True)
def champion(registry: Services) -> str:
    return serving.champion(registry)


@pytest.fixture
def consumer() -> Function:
    return serving.as_role()


@pytest.mark.parametrize("ref", ["1", "@champion"])
@pytest.mark.parametrize("path", serving.FILES)
def test_the_end_of_the_address_names_a_file_and_its_directories(consumer: Function, ref: str, path: str) -> None:
    redirect = consumer.get(f"/v1/models/fraud/versions/{ref}/files/{path}")
    assert redirect.status == 302 and redirect.headers["Cache-Control"] == "no-store"
    got = requests.get(redirect.headers["Location"], timeout=5)
    assert got.content == serving.FILES[path]
    assert got.headers["Content-Disposition"] == f'attachment; filename="{path.rpartition("/")[2]}"'


def test_storage_says_the_type_that_the_files_ending_says(consumer: Function) -> None:
    redirect = consumer.get(f"{CHAMPION}/onnx/notes.md")
    assert requests.get(redirect.headers["Location"], timeout=5).headers["Content-Type"] == "text/markdown"


def test_a_range_is_answered_by_storage(consumer: Function) -> None:
    redirect = consumer.get(f"{CHAMPION}/model.safetensors", headers={"Range": "bytes=1-3"})
    part = requests.get(redirect.headers["Location"], headers={"Range": "bytes=1-3"}, timeout=5)
    assert (part.status_code, part.content) == (206, b"eig")


def test_head_leads_to_the_headers_and_is_no_use(consumer: Function, capsys: pytest.CaptureFixture[str]) -> None:
    looked = consumer.request("HEAD", f"{CHAMPION}/model.safetensors")
    assert looked.status == 302 and looked.text == ""
    # Streamed, so that nobody waits for the bytes that HEAD has none of.
    assert requests.head(looked.headers["Location"], timeout=5, stream=True).headers["Content-Length"] == "7"
    # A URL is signed for one method: this one gets no bytes from S3, nor does one for GET answer HEAD.
    got = consumer.get(f"{CHAMPION}/model.safetensors")
    signatures = [_query(reply.headers["Location"])["X-Amz-Signature"] for reply in (looked, got)]
    assert signatures[0] != signatures[1]
    assert serving.uses(capsys) == [("file", 1, "champion")]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_that_the_caller_has_is_not_sent_again(consumer: Function, method: str) -> None:
    first = consumer.request(method, f"{CHAMPION}/config.json")
    assert first.etag == f'"{build.sha256(b"{}")}"'
    again = consumer.request(method, f"{CHAMPION}/config.json", headers={"If-None-Match": first.etag})
    assert again.status == 304 and "Location" not in again.headers


def test_what_is_no_file_of_the_version_is_said(consumer: Function) -> None:
    assert consumer.get(f"{CHAMPION}/onnx").code == "file_not_found"
    assert consumer.get(f"{CHAMPION}/onnx/../config.json").code == "invalid_name"
    assert consumer.get("/v1/models/fraud/versions/7/files/config.json").code == "version_not_found"


def test_bytes_take_the_right_to_download() -> None:
    assert serving.as_role(Role.VIEWER).get(f"{CHAMPION}/config.json").code == "permission_denied"


def _query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)
