"""Searches of the deployed stack: its indexes, as the stack made them, answer what was just written."""

from tests.e2e.stack import Stack, eventually, release


def test_versions_are_found_by_each_index_and_the_best_in_one_read(stack: Stack) -> None:
    model = stack.fresh_name("search")
    run = stack.fresh_name("run")
    with stack.http() as http:
        http.post("/v1/models", json={"name": model, "tags": {"group": run}})
        for auc in (0.9, 0.95):
            release(http, model, metrics={"auc": auc}, tags={"group": run}, provenance={"run": {"id": run}})

        def found(where: str, order: str) -> list[int]:
            query = {"filter": where, "order_by": order}
            return [one["number"] for one in http.get("/v1/search/versions", params=query).json()["items"]]

        for where, order, numbers in [
            (f"run_id = '{run}'", "version", [1, 2]),
            (f"tags.group = '{run}'", "name", [2, 1]),
            (f"tags.group LIKE '{run}%'", "tags.group", [2, 1]),
            (f"name LIKE '{model}%'", "name", [2, 1]),
            (f"name = '{model}' AND stage = 'development'", "version", [1, 2]),
            (f"name = '{model}'", "updated_at DESC", [2, 1]),
            (f"name = '{model}'", "metrics.auc DESC", [2, 1]),
            (f"metrics.auc > 0.94 AND tags.group = '{run}'", "created_at", [2]),
        ]:
            # Indexes are a moment behind the table.
            eventually(lambda where=where, order=order, numbers=numbers: found(where, order) == numbers, where)
        best = http.get(f"/v1/models/{model}/best", params={"metric": "auc"}).json()["items"]
        assert [(one["number"], one["value"]) for one in best] == [(2, 0.95), (1, 0.9)]
        models = http.get("/v1/search/models", params={"filter": f"tags.group = '{run}'"}).json()["items"]
        assert [one["name"] for one in models] == [model]
