"""What a principal has made today, as the API tells it."""

from tests.api.callers import ok
from tests.api.gateway import Caller, granted


def made(caller: Caller, quota: str, **query: str) -> int:
    items = ok(caller.get("/v1/quotas", query=query or None))["items"]
    return next(int(one["made"]) for one in items if one["quota"] == quota)


def test_a_caller_sees_what_it_has_made_today_and_may_make(admin: Caller) -> None:
    contributor = granted(admin, "contributor")
    before = ok(contributor.get("/v1/quotas"))
    assert len(before["day"]) == len("2026-11-29")
    assert {one["made"] for one in before["items"]} == {0}
    assert all(one["limit"] > 0 for one in before["items"])
    ok(contributor.post("/v1/models", {"name": "fraud"}))
    ok(contributor.post("/v1/models/fraud/comments", {"text": "hello"}))
    assert (made(contributor, "models"), made(contributor, "comments")) == (1, 1)
    assert made(admin, "comments") == 0


def test_only_an_administrator_sees_the_quotas_of_others(admin: Caller) -> None:
    contributor = granted(admin, "contributor")
    name = ok(contributor.get("/v1/whoami"))["principal"]
    ok(contributor.post("/v1/models", {"name": "fraud"}))
    assert made(admin, "models", principal=name) == 1
    assert contributor.get("/v1/quotas", query={"principal": name}).status == 200
    refused = contributor.get("/v1/quotas", query={"principal": "token:bootstrap"})
    assert (refused.status, refused.code) == (403, "permission_denied")
