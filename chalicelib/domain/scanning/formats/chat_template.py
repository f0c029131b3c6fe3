"""Chat templates: Jinja code that a tokenizer brings along and that loaders render, not all of them in a sandbox.

CVE-2024-34359 ran code from one. What a template may say is known from those of models: they read messages, loop and
compare. Names and attributes that lead from there to Python's internals are found here, outside of texts and comments.
"""

import re
from collections.abc import Iterator
from typing import Final

from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.reasons import review, shown, unsafe

# Characters of a template. Those of models have at most some ten thousand.
MAX_TEMPLATE: Final = 256 * 1024
_OPENING: Final = re.compile(r"\{\{|\{%|\{#")
# What matters inside of code: texts, brackets, and the two ends. An end inside of brackets is none.
_TOKEN: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|['\"]|\}\}|%\}|[(\[{]|[)\]}]", re.DOTALL)
_TEXT: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
# Attributes of Python's internals, also as texts, since a filter or a subscript takes them.
_INTERNAL: Final = re.compile(
    r"__\s*\w+\s*__|\b(?:func_globals|gi_frame|cr_frame|f_globals|f_builtins|tb_frame|mro|co_code)\b|_TemplateReference__"
)
_SHELL: Final = re.compile(
    r"\b(?:os|sys|subprocess|builtins|popen|eval|exec|compile|importlib|globals|getattr|lipsum)\b"
)
# Ways to an attribute whose name is made while the template runs.
_MADE_NAME: Final = re.compile(
    r"\|\s*attr\b|\|\s*map\s*\(\s*attribute\s*=\s*(?!'')|\bformat_map\b|\|\s*string\s*(?:\)\s*)?\["
)
# What makes a text of others. So many characters before it, a subscript may have begun.
_MADE_TEXT: Final = re.compile(r"~|\|\s*(?:join|format|replace|reverse|lower)\b")
_SUBSCRIPT: Final = 200
_LOADING: Final = re.compile(r"^[-+]?\s*(?:import|from|include|extends)\b")
# What is raw for Jinja is code for the rules here, so the two may disagree about where texts end.
_RAW: Final = re.compile(r"^[-+]?\s*raw\b")
_OWN: Final = re.compile(
    r"(?<![.\w'\"])(?:self|config|request|cycler|joiner|url_for|get_flashed_messages)\b(?!\s*=[^=])"
)
_ESCAPE: Final = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\N\{|\\[0-7]{3}|%c")
_UNDERSCORES: Final = re.compile(r"^(['\"])(?:_+\w*|\w*__)\1$")


def template_reasons(template: str, where: str = "") -> list[Reason]:
    """What speaks against rendering a template, each rule once."""
    if len(template) > MAX_TEMPLATE:
        return [review("template_too_long", "The chat template is too long to be judged.", where)]
    found: dict[str, Reason] = {}
    for code in _code(template):
        for reason in _of_code(code, where):
            found.setdefault(reason.code, reason)
    return list(found.values())


def _code(template: str) -> Iterator[str | None]:
    """The code between ``{{ }}`` and between ``{% %}``; None for code without an end, which ends the template."""
    at = 0
    while opening := _OPENING.search(template, at):
        start = opening.end()
        if opening.group() == "{#":
            end = template.find("#}", start)
            at = end + 2
        else:
            end = _end_of_code(template, start, "}}" if opening.group() == "{{" else "%}")
            at = end + 2
            yield template[start:end].strip() if end >= 0 else None
        if end < 0:
            return


def _end_of_code(template: str, start: int, closing: str) -> int:
    """Where code ends, as Jinja's lexer sees it: not inside of a text, nor inside of brackets. -1 if it does not."""
    depth, at = 0, start
    while token := _TOKEN.search(template, at):
        found, at = token.group(), token.end()
        if found == closing and not depth:
            return token.start()
        if found in {"'", '"'}:
            return -1
        if found in {"}}", "%}"}:
            # Not the end of the code: its first character stands for itself, as an operator or a bracket.
            found, at = found[0], token.start() + 1
        if found in "([{":
            depth += 1
        elif found in ")]}":
            depth = max(0, depth - 1)
    return -1


def _of_code(code: str | None, where: str) -> Iterator[Reason]:
    if code is None:
        yield review("template_syntax", "A chat template has code without an end.", where)
        return
    texts = _TEXT.findall(code)
    bare = _TEXT.sub("''", code)
    if match := _INTERNAL.search(bare) or _INTERNAL.search(" ".join(texts)):
        yield unsafe("template_internals", f"A chat template reaches for {shown(match.group())}.", where)
    if match := _SHELL.search(bare):
        yield unsafe("template_call", f"A chat template names {match.group()}.", where)
    if _MADE_NAME.search(bare) or _makes_a_subscript(bare) or any(_UNDERSCORES.match(text) for text in texts):
        yield review("template_made_name", "A chat template makes the name of an attribute.", where)
    if any(_ESCAPE.search(text) for text in texts):
        yield review("template_escape", "A chat template spells characters by their codes.", where)
    if _RAW.search(code):
        yield review("template_raw", "A chat template has a raw block.", where)
    if _LOADING.search(code):
        yield review("template_import", "A chat template loads another one.", where)
    if match := _OWN.search(bare):
        yield review("template_name", f"A chat template uses {match.group()}, which models have no need for.", where)


def _makes_a_subscript(code: str) -> bool:
    """Whether a text is made inside of a bracket that has not ended."""
    before = (code[max(0, made.start() - _SUBSCRIPT - 1) : made.start()] for made in _MADE_TEXT.finditer(code))
    return any(part.rfind("[") > part.rfind("]") or part.count("[") > part.count("]") for part in before)
