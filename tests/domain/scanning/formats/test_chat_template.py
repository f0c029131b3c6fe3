"""Chat templates may read messages, loop and compare. Ways to Python's internals are found wherever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.scanning.formats.chat_template import MAX_TEMPLATE, template_reasons
from chalicelib.domain.scanning.verdict import Verdict, worst


def judged(template: str) -> Verdict:
    return worst(reason.verdict for reason in template_reasons(template))


@pytest.mark.parametrize(
    "template",
    [
        "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m.content | trim + '<|im_end|>' }}{% endfor %}",
        "{% set ns = namespace(found=false) %}{% for m in messages %}{% set ns.found = true %}{% endfor %}",
        "{%- if tools is iterable -%}{{ tools | map(attribute='function') | list | tojson }}{% endif %}",
        "{{ raise_exception('Roles must alternate: user/assistant, not two users') if false }}",
        '{{- \'{"name": <function-name>, "arguments": {}}\' }}{{ strftime_now("%d %b %Y") }}',
        "{{ {'a': {'b': 1}} | tojson }}{# import os; self.__class__ #}",
        "{% macro render(x) %}{{ x.items() if x is mapping else x[1:] }}{% endmacro %}{{ render(messages[i - 1]) }}",
        "Plain text with __dunders__, os.system and config.",
        "",
    ],
)
def test_what_templates_of_models_do_is_clean(template: str) -> None:
    assert template_reasons(template) == []


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ x['__class__'] }}",
        "{{ x|attr('__class__') }}",
        "{{ '}}' ~ x.__class__ }}",
        "{{ {'a': {}} ~ x.__class__ }}",
        "{{ 1 % {}}}{{ x.__class__ }}",
        "{{ '{#' }}{{ x.__init__ }}{{ '#}' }}",
        "{% set x = os.popen('id') %}",
        "{% if messages[0].__globals__ %}{% endif %}",
        "{{ lipsum.__globals__ }}",
        "{{- x . __class__ -}}",
    ],
)
def test_ways_to_the_internals_of_python_are_unsafe(template: str) -> None:
    assert judged(template) is Verdict.UNSAFE


@pytest.mark.parametrize(
    "template",
    [
        "{{ x|attr('_' * 2 ~ 'class') }}",
        "{{ x|attr(name) }}",
        "{{ x['\\x5f\\x5fclass'] }}",
        "{{ x['%c%c' | format(95, 95)] }}",
        "{{ x[a ~ b] }}",
        "{{ messages | map(attribute=name) }}",
        "{% include 'other' %}",
        "{% from 'other' import macro %}",
        "{{ cycler.next }}",
        "{{ self.block() }}",
        "{{ config.items() }}",
        "{% raw %}{{ ' {% endraw %}{{ evil }}{{ ' }}",
        "{{ without an end",
        "{% if x",
        "{# without an end {{ x }}" + "{{ 'open",
        "{{ x }}" * MAX_TEMPLATE,
    ],
)
def test_what_may_lead_there_is_for_review(template: str) -> None:
    expected = Verdict.CLEAN if template.startswith("{#") else Verdict.REVIEW
    assert judged(template) is expected


def test_a_long_gap_in_code_is_looked_through_once() -> None:
    """Two parts of a rule that both take the gap would share it in every way."""
    assert judged("{{ x | string" + " " * 200_000 + "y }}") is Verdict.CLEAN
    assert judged("{{ (x | string )  [0] }}") is Verdict.REVIEW


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x['a' ~ 'b']", Verdict.REVIEW),
        ("x[" + " " * 197 + "'' ~ 'b']", Verdict.REVIEW),
        ("x[['a', 'b'] | join]", Verdict.REVIEW),
        ("x[0] ~ 'b'", Verdict.CLEAN),
        ("['a'] | join", Verdict.CLEAN),
    ],
)
def test_a_subscript_is_not_made_of_parts(code: str, expected: Verdict) -> None:
    assert judged(f"{{{{ {code} }}}}") is expected


@given(st.text(alphabet="{}%#'\"\\ _abcx.|()[]~-\n", max_size=60))
def test_no_text_raises(template: str) -> None:
    template_reasons(template)


@given(st.text(alphabet="{}%#'\"\\ a(", max_size=20))
def test_what_comes_before_code_seldom_hides_it(before: str) -> None:
    """It may open a text or a comment that takes the code in; Jinja then refuses the template, or does not run it."""
    if judged(before) is Verdict.CLEAN and "{#" not in before:
        assert judged(before + " {{ x.__class__ }}") is not Verdict.CLEAN
