"""The licence of a card: as SPDX writes it, or as the Hugging Face Hub calls it."""

from typing import Any

import pytest

from chalicelib.domain.licenses.stated import _HUB, stated_license


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"license": "apache-2.0"}, "Apache-2.0"),
        ({"license": "MIT OR Apache-2.0"}, "MIT OR Apache-2.0"),
        ({"license": "llama3.1"}, "LicenseRef-Llama-3.1"),
        ({"license": "Gemma"}, "LicenseRef-Gemma"),
        ({"license": "openrail"}, "LicenseRef-OpenRAIL"),
        ({"license": "other", "extra": {"license_name": "llama3"}}, "LicenseRef-Llama-3"),
        ({"license": "other", "extra": {"license_name": "Acme Research, v2"}}, "LicenseRef-Acme-Research-v2"),
        ({"license": "other", "extra": {"license_name": "LicenseRef-Acme"}}, "LicenseRef-Acme"),
    ],
)
def test_a_licence_is_read_from_the_card(fields: dict[str, Any], read: str) -> None:
    assert str(stated_license(fields).expression) == read


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "its card states none"),
        ({"license": "other"}, "'other' is no licence of the SPDX list; write LicenseRef-other for one's own"),
        ({"license": "gpl"}, "'gpl' is no licence of the SPDX list; write LicenseRef-gpl for one's own"),
        ({"license": "see LICENSE"}, "'see' is no licence of the SPDX list; write LicenseRef-see for one's own"),
    ],
)
def test_a_licence_that_cannot_be_read_says_why(fields: dict[str, Any], problem: str) -> None:
    stated = stated_license(fields)
    assert (stated.expression, stated.problem) == (None, problem)


@pytest.mark.parametrize("name", _HUB)
def test_every_name_of_the_hub_stands_for_a_licence(name: str) -> None:
    assert stated_license({"license": name}).expression is not None
