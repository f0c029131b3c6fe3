"""Everything that people write is shown as text: nothing in it runs, loads, or leads to a script."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from moorage import Client, Dataset, Measure, Slice

from tests.e2e.browser.person import Person
from tests.e2e.stack import Stack

CORPUS = (
    "<script>window.hacked = 1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "[click](javascript:window.hacked=1)",
    "[click](data:text/html,<script>window.hacked=1</script>)",
    "<a href='jAvAsCrIpT:window.hacked=1'>x</a>",
    "![x](https://example.com/pixel.png)",
    "{{constructor.constructor('window.hacked=1')()}}",
    "`${window.hacked=1}`",
    "\u202eevil\u202c and مرحبا بالعالم",
    '=HYPERLINK("http://example.com")',
)


def test_no_text_runs_or_loads_anything(stack: Stack, person: Callable[..., Person], tmp_path: Path) -> None:
    everything = "\n\n".join(CORPUS)
    name = stack.fresh_name("hostile")
    with Client(stack.url, stack.token) as client:
        client.models.create(name, description=everything, owner=CORPUS[1], tags={"xss": CORPUS[0][:100]})
        client.cards.set(name, {"model_details": everything})
        Path(tmp_path, "weights.bin").write_bytes(b"0" * 16)
        number = client.register(
            name,
            tmp_path,
            description=everything,
            tags={"xss": CORPUS[1]},
            parameters={"xss": CORPUS[2]},
            metrics={"auc": 0.9},
            provenance={
                "run": {"id": CORPUS[0]},
                "datasets": [{"name": CORPUS[3], "version": CORPUS[0]}],
                "source": {"repository": "javascript:window.hacked=1", "commit": CORPUS[1]},
            },
        ).number
        client.checks.report(
            name,
            number,
            "xss",
            True,
            details=everything[:500],
            evidence='https://example.com/"><script>window.hacked=1</script>',
        )
        client.evaluations.record(
            name,
            number,
            "xss",
            {CORPUS[1][:60]: Measure(0.9, n=100, successes=90)},
            slices=[Slice({CORPUS[2]: CORPUS[0]}, {CORPUS[1][:60]: 0.8})],
            dataset=Dataset(CORPUS[3], CORPUS[0]),
        )
        feature = {
            "name": CORPUS[2],
            "kind": "categorical",
            "values": [CORPUS[1], CORPUS[5]],
            "counts": [500, 400, 100],
        }
        client.monitors.save(name, "xss", "drift", selector=str(number), baseline=[feature], description=everything)
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        client.monitors.put_window(name, "xss", hour, 1000, features=[feature])
        client.comments.add(name, everything, version=number)
        client.requests.open(name, number, "staging", reason=everything)
    one = person()
    one.sign_in(stack.token)
    foreign: list[str] = []
    one.page.on("request", lambda request: None if request.url.startswith(stack.url) else foreign.append(request.url))
    of_model = f"/models/{name}"
    for path in (
        "/",
        "/models",
        "/inbox?for=all",
        of_model,
        f"{of_model}/card",
        f"{of_model}/versions",
        f"{of_model}/history",
        f"{of_model}/requests/1",
        f"{of_model}/versions/{number}",
        f"{of_model}/versions/{number}/evaluations/xss",
        f"{of_model}/versions/{number}/lineage",
        f"/lineage?name={quote(CORPUS[3])}&version={quote(CORPUS[0])}",
        f"{of_model}/monitors",
        f"{of_model}/monitors/xss",
        f"{of_model}/settings",
        f"/audit/model:{name}",
    ):
        one.open(path)
        assert one.page.evaluate("window.hacked") is None, path
        protocols = one.page.evaluate("[...document.querySelectorAll('a[href]')].map(link => link.protocol)")
        assert set(protocols) <= {"http:", "https:", "mailto:"}, path
    assert foreign == []
