"""The keeper fires what is due, once, and the outside is told."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from infra.workload import KEEPER
from tests.e2e.receiver import receiving
from tests.e2e.stack import Stack, eventually, release


def run_keepers(stack: Stack, count: int) -> None:
    """Let so many keepers run at the same time."""
    function, client = stack.function(KEEPER), stack.aws("lambda")
    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(lambda _: client.invoke(FunctionName=function, Payload=b"{}"), range(count)))
    assert [answer.get("FunctionError") for answer in answers] == [None] * count


def fires_soon() -> dict[str, str]:
    """A time that has come by the time at which a keeper looks."""
    return {"at": (datetime.now(UTC) + timedelta(seconds=2)).isoformat()}


def test_a_schedule_that_is_due_fires_once_with_two_keepers_and_its_event_reaches_a_webhook(stack: Stack) -> None:
    name = stack.fresh_name("retrain")
    with stack.http() as http, receiving() as receiver:
        hook = http.post("/v1/webhooks", json={"url": receiver.url, "events": ["schedule.*"], "models": [name]}).json()
        wanted = {"name": name, "models": name, "when": fires_soon(), "payload": {"workflow": "retrain.yml"}}
        created = http.post("/v1/schedules", json=wanted)
        assert created.status_code == 201, created.text

        def fired() -> dict[str, Any] | None:
            run_keepers(stack, 2)
            found: dict[str, Any] = http.get(f"/v1/schedules/{name}").json()
            return found if found["firings"] else None

        shown = eventually(fired, "the firing")
        assert (shown["firings"], shown["next_at"], shown["upcoming"]) == (1, None, [])
        run_keepers(stack, 2)
        assert http.get(f"/v1/schedules/{name}").json()["firings"] == 1

        eventually(lambda: receiver.received, "the delivery", seconds=120)
        headers, body = receiver.received[0]
        event = Webhook(hook["secret"]).verify(body, headers)["data"]
        assert (event["type"], event["actor"]) == ("schedule.fired", f"schedule:{name}")
        assert event["after"]["payload"] == {"workflow": "retrain.yml"}
        assert event["after"]["due_at"] == created.json()["next_at"]
        assert {json.loads(sent)["data"]["id"] for _, sent in receiver.received} == {event["id"]}
        assert http.delete(f"/v1/webhooks/{hook['id']}").status_code == 204


def test_a_schedule_has_gates_judged_again_by_the_deployed_keeper(stack: Stack) -> None:
    model = stack.fresh_name("judged")
    with stack.http() as http:
        assert http.post("/v1/models", json={"name": model}).status_code == 201
        release(http, model)
        made = http.post("/v1/schedules", json={"name": model, "models": model, "job": "judge", "when": fires_soon()})
        assert made.status_code == 201, made.text

        def ended() -> dict[str, Any] | None:
            run_keepers(stack, 1)
            found: dict[str, Any] | None = http.get(f"/v1/schedules/{model}").json()["outcome"]
            return found

        outcome = eventually(ended, "the end of the firing")
        assert (outcome["models"], outcome["failed"], outcome["error"]) == (1, 0, "")
