"""Usage over HTTP."""

import json
from types import SimpleNamespace

import pytest

from chalicelib.aws.services import Services
from chalicelib.reactions.audit.usage import usage
from tests.api.gateway import Caller, granted
from tests.api.paging import every_item
from tests.reactions.audit.test_usage import batch
from tests.registry import build


def test_a_download_writes_one_line_that_its_use_is_counted_from(
    registry: Services, admin: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    build.model(registry)
    build.ready(registry)
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    serving = granted(admin, "consumer", name="serving")
    capsys.readouterr()
    serving.get("/v1/models/fraud/versions/@champion/artifacts")
    serving.get("/v1/models/fraud/versions/1/artifacts/file", query={"path": "model.bin"})
    assert serving.get("/v1/models/fraud/versions/9/artifacts").status == 404
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    uses = [line for line in lines if line["log"] == "usage"]
    assert [(use["what"], use["version"], use["alias"]) for use in uses] == [
        ("manifest", 1, "champion"),
        ("file", 1, None),
    ]
    usage(batch(*[json.dumps(line) for line in lines]), SimpleNamespace(aws_request_id="r"))
    for path in ("/v1/models/fraud/versions/1/usage", "/v1/models/fraud/versions/@champion/usage"):
        (found,) = admin.get(path).document["items"]
        assert (found["principal"], found["count"], found["last_alias"]) == ("token:serving", 2, "champion")


def test_the_pages_of_a_manifest_are_one_use(
    registry: Services, admin: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    build.model(registry)
    reference = {"uri": "https://data.example/x", "size": 1, "sha256": "a" * 64}
    body = {"references": [{"path": f"r{number}", **reference} for number in range(3)]}
    admin.post("/v1/models/fraud/versions", body)
    admin.post("/v1/models/fraud/versions/1/finalise")
    capsys.readouterr()
    assert len(every_item(admin, "/v1/models/fraud/versions/1/artifacts", 1)) == 3
    assert capsys.readouterr().out.count('"log": "usage"') == 1


def test_usage_is_paged_and_known_after_a_version_is_gone(registry: Services, admin: Caller) -> None:
    build.model(registry)
    uses = [
        json.dumps(
            {
                "log": "usage",
                "model": "fraud",
                "version": number % 2 + 1,
                "alias": None,
                "principal": f"token:{number}",
                "what": "file",
                "time": "2026-11-23T09:30:00.000Z",
            }
        )
        for number in range(7)
    ]
    usage(batch(*uses), SimpleNamespace(aws_request_id="r"))
    listed = every_item(admin, "/v1/models/fraud/usage", 2)
    assert [(entry["version"], entry["principal"]) for entry in listed] == [
        *((1, f"token:{number}") for number in (0, 2, 4, 6)),
        *((2, f"token:{number}") for number in (1, 3, 5)),
    ]
    assert len(every_item(admin, "/v1/models/fraud/versions/2/usage", 2)) == 3
    assert admin.get("/v1/models/fraud/versions/3/usage").document["items"] == []
    assert admin.get("/v1/models/none/usage").code == "model_not_found"
