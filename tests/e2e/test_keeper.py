"""What the schedule brings about, seen by running the keeper at once."""

import httpx

from infra.workload import KEEPER
from tests.e2e.stack import Stack, eventually, release


def test_the_bytes_of_a_deleted_version_are_removed(stack: Stack) -> None:
    model = stack.fresh_name("purge")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        release(http, model)
        (file,) = http.get(f"/v1/models/{model}/versions/1/artifacts").json()["items"]
        assert httpx.get(file["url"], trust_env=False).content == b"weights"
        assert http.delete(f"/v1/models/{model}/versions/1").status_code == 204

        def purged() -> bool:
            answer = stack.aws("lambda").invoke(FunctionName=stack.function(KEEPER), Payload=b"{}")
            assert "FunctionError" not in answer, answer["Payload"].read()
            newest = http.get(f"/v1/models/{model}/events").json()["items"][0]
            return bool(newest["type"] == "version.purged")

        eventually(purged, "the purge")
        assert httpx.get(file["url"], trust_env=False).status_code == 404
