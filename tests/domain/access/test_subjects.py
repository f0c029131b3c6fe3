"""Whom a grant can be for."""

import pytest

from chalicelib.domain.access.subjects import MAX_GROUPS, MAX_SUBJECT, group_name, groups, subject, subject_id
from chalicelib.domain.errors import InvalidInputError, InvalidNameError


@pytest.mark.parametrize(
    "text",
    [
        "token:ci",
        "oidc:web:auth0|ada",
        "oidc:web:a:b",
        "iam:arn:aws:iam::123456789012:role/deploy",
        "group:risk",
        "group:ci/Model Owners",
        "token:" + "x" * (MAX_SUBJECT - len("token:")),
    ],
)
def test_a_grant_is_for_a_principal_or_a_group(text: str) -> None:
    assert subject(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "token",
        "token:",
        "token:  ",
        "user:ada",
        "tokenx:ada",
        "token:a\nb",
        "token:" + "x" * (MAX_SUBJECT - len("token:") + 1),
        "oidc:web",
        "oidc:web:",
        "oidc::ada",
        "group:-risk",
        "group:" + "x" * 129,
    ],
)
def test_a_grant_for_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidNameError):
        subject(text)


def test_the_groups_of_a_principal_are_named_once_sorted_and_bounded() -> None:
    assert groups(["risk", "audit", "risk"]) == ("audit", "risk")
    many = [f"g{number:02d}" for number in range(MAX_GROUPS)]
    assert groups([*many, "g00"]) == tuple(many)
    with pytest.raises(InvalidInputError, match="at most 20 groups"):
        groups([*many, "more"])
    with pytest.raises(InvalidNameError):
        groups(["a\tb"])
    assert group_name("x" * 128) == "x" * 128


def test_the_id_of_a_subject_is_half_of_its_sha256() -> None:
    assert subject_id("token:ci") == "f081d5d3b4088b1485ad089ba8de3df1"
