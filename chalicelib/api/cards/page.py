"""A model card as an HTML page that is safe to open, whatever its authors wrote.

Only the markdown renderer writes markup: raw HTML is shown as text, links go to http, https and mailto only, and images
become links. Should something slip through, the page's policy keeps it from running, loading or sending anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.cards.card import SECTIONS

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from chalicelib.domain.models.model import Model
    from chalicelib.registry.cards.cards import CardSheet

# A page that was saved has no headers. A policy in the page itself cannot say all of the header's, but this.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        f"{_POLICY}; frame-ancestors 'none'; sandbox allow-popups allow-top-navigation-by-user-activation"
    ),
    "Referrer-Policy": "no-referrer",
}
_LINK: Final = re.compile(r"(https?://|mailto:)[^\x00-\x20\x7f]+", re.IGNORECASE)
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
    "pre{background:#f4f4f4;padding:.6rem;overflow:auto}"
)
# Deeper nesting is shown as text. This bounds the renderer's work.
_MAX_NESTING: Final = 20
# Each opening bracket costs the renderer as much as some hundred letters. A text with more is shown as it is written.
_MAX_BRACKETS: Final = 2_000


def page(sheet: CardSheet) -> str:
    """The card as one HTML document, below a table of facts that the registry knows about the model."""
    card, name = sheet.card, escape(sheet.model.name)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    head = f'<head><meta charset="utf-8">{policy}<title>{name}</title><style>{_STYLE}</style></head>'
    parts = [f'<!doctype html><html lang="en">{head}<body><h1>{name}</h1>', *_facts(sheet)]
    if "introduction" in card.fields:
        parts.append(rendered(card.fields["introduction"]))
    for section, heading in SECTIONS.items():
        if section in card.sections:
            parts.append(f'<section id="{section}"><h2>{heading}</h2>\n{rendered(card.sections[section])}</section>')
    if not card.sections:
        parts.append("<p>Nobody has written this card yet.</p>")
    return "\n".join([*parts, "</body></html>\n"])


def rendered(markdown: str) -> str:
    """Markdown as HTML. Only a fixed set of elements and attributes is used."""
    if markdown.count("[") > _MAX_BRACKETS:
        return f"<pre>{escape(markdown)}</pre>\n"
    text: str = _renderer().render(markdown)
    return text


def _facts(sheet: CardSheet) -> Iterable[str]:
    fields = sheet.card.fields
    rows = [
        ("Owner", sheet.profile.owner),
        ("Classification", _classification(sheet.model)),
        ("Card", f"revision {sheet.card.revision}, {sheet.card.updated_at}" if sheet.card.revision else ""),
        ("License", fields.get("license", "")),
        *((name.replace("_", " ").capitalize(), ", ".join(fields.get(name, ()))) for name in _SHOWN_LISTS),
        ("Library", fields.get("library_name", "")),
        ("Task", fields.get("pipeline_tag", "")),
    ]
    for stage, version in sheet.holders.items():
        metrics = ", ".join(f"{metric} {value}" for metric, value in sorted(version.description.metrics.items()))
        rows.append((f"In {stage}", f"version {version.number}" + (f": {metrics}" if metrics else "")))
    shown = "".join(f"<tr><th>{escape(name)}</th><td>{escape(fact)}</td></tr>" for name, fact in rows if fact)
    return [f"<table>{shown}</table>"] if shown else []


def _classification(model: Model) -> str:
    said = model.classification
    return "" if said is None else f"{said.level.value}, personal data" if said.personal_data else said.level.value


_SHOWN_LISTS: Final = ("language", "tags", "datasets", "base_model", "metrics")


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    # Imported late: one call in a thousand needs it, and every cold start would pay for it.
    from markdown_it import MarkdownIt

    class Renderer(MarkdownIt):
        def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
            return _LINK.fullmatch(url) is not None

    renderer = Renderer("commonmark", {"html": False, "maxNesting": _MAX_NESTING})
    renderer.enable(["table", "strikethrough"])
    renderer.add_render_rule("link_open", _link_open)
    renderer.add_render_rule("image", _image)
    return renderer


def _link_open(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return _anchor(str(tokens[index].attrs["href"]))


def _image(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    """A link to the image instead of the image, so that opening a card loads nothing."""
    token = tokens[index]
    text = escape(token.content or "image")
    inside_link = sum(before.nesting for before in tokens[:index] if before.type in ("link_open", "link_close")) > 0
    return text if inside_link else f"{_anchor(str(token.attrs['src']))}{text}</a>"


def _anchor(url: str) -> str:
    return f'<a href="{escape(url)}" rel="nofollow noopener noreferrer">'
