"""Permission to run the code in a model."""

import pytest
from moorage import UntrustedModelError
from moorage.frameworks.permissions import check_allowed, check_permissions


@pytest.mark.parametrize("allow", [["pickle:fraud/3"], ["pickle:fraud"], ["source:churn", "pickle:fraud/3"]])
def test_a_permission_names_the_format_and_the_model_or_the_version(allow: list[str]) -> None:
    check_permissions(allow)
    check_allowed("pickle", "fraud", 3, allow)


@pytest.mark.parametrize(
    "allow", [[], ["pickle:fraud/2"], ["pickle:fraud/33"], ["source:fraud/3"], ["pickle:frau"], ["pickle:churn"]]
)
def test_anything_else_does_not_permit_it(allow: list[str]) -> None:
    check_permissions(allow)
    with pytest.raises(UntrustedModelError, match=r"fraud/3 is a pickle.*allow=\['pickle:fraud/3'\]"):
        check_allowed("pickle", "fraud", 3, allow)


@pytest.mark.parametrize("entry", ["pickle", "pickle:", "joblib:fraud", "", "fraud/3"])
def test_a_permission_without_a_known_format_and_a_model_is_no_permission(entry: str) -> None:
    with pytest.raises(ValueError, match="is no permission: name a format and a model or version"):
        check_permissions([entry])


def test_a_text_in_place_of_a_list_is_refused() -> None:
    with pytest.raises(ValueError, match=r"allow=\['pickle:fraud'\]"):
        check_permissions("pickle:fraud")
