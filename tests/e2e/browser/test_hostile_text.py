"""Everything that people write is shown as text: nothing in it runs, loads, or leads to a script."""

from collections.abc import Callable
from pathlib import Path

from moorage import Client

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
        f"{of_model}/settings",
        f"/audit/model:{name}",
    ):
        one.open(path)
        assert one.page.evaluate("window.hacked") is None, path
        protocols = one.page.evaluate("[...document.querySelectorAll('a[href]')].map(link => link.protocol)")
        assert set(protocols) <= {"http:", "https:", "mailto:"}, path
    assert foreign == []
