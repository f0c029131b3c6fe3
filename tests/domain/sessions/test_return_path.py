"""The interface goes on at a path of its own, whatever a link asks for."""

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.sessions.return_path import HOME, return_path

SITE = "https://registry.example"


@given(st.text(alphabet="/\\.%2eEfF5cC:@?#ui a\t\n\r", max_size=30).map(lambda text: HOME + text) | st.text())
@example("/ui/..%2fv1")
@example("/ui/%2e%2e/v1")
@example("/ui/%252e%252e/v1")
def test_whatever_is_accepted_stays_below_the_interface(text: str) -> None:
    try:
        path = return_path(text)
    except InvalidInputError:
        return
    for form in (path, unquote(path.partition("?")[0].partition("#")[0])):
        parts = urlsplit(urljoin(SITE + "/api/", form))
        assert (parts.scheme, parts.netloc) == ("https", "registry.example")
        assert parts.path.startswith(HOME)


@pytest.mark.parametrize(
    "text", [HOME, "/ui/models?q=name%20%3D%20'a'&order=-auc", "/ui/models/a%2Fb", "/ui/a?x=//b/.."]
)
def test_paths_of_the_interface_are_accepted(text: str) -> None:
    assert return_path(text) == text
