"""The rule promotes, the event reaches the outside, serving sees it, a roll-back undoes it."""

from tests.e2e.stack import Stack, eventually, release


def test_a_better_version_is_promoted_by_the_rule_and_rolled_back_by_one_call(stack: Stack) -> None:
    model = stack.fresh_name("rule")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model})
        rule = {"metric": "auc", "to_stage": "production", "beats": {"stage": "production", "by": 0.01}}
        assert http.put(f"/v1/models/{model}/promotion-rule", json=rule).status_code == 200

        def in_production() -> int | None:
            return http.get(f"/v1/models/{model}").json()["stages"].get("production", {}).get("version")

        first = release(http, model, b"one", metrics={"auc": 0.9})
        eventually(lambda: in_production() == first or None, "promotion of the first version")
        worse = release(http, model, b"two", metrics={"auc": 0.905})
        better = release(http, model, b"three", metrics={"auc": 0.95})
        eventually(lambda: in_production() == better or None, "promotion of the better version")
        assert http.get(f"/v1/models/{model}/versions/{worse}").json()["stage"] == "development"
        assert http.get(f"/v1/models/{model}/versions/{first}").json()["stage"] == "archived"

        back = http.post(f"/v1/models/{model}/stages/production/rollback", json={"reason": "bad scores"})
        assert back.status_code == 200 and back.json()["number"] == first
        history = http.get(f"/v1/models/{model}/stages/production/history").json()["items"]
        assert [(entry["version"], entry["trigger"]) for entry in history] == [
            (first, "rollback"),
            (better, "rule"),
            (first, "rule"),
        ]
        check = http.get(f"/v1/models/{model}/events/verify").json()
        assert check["intact"] and check["complete"]
