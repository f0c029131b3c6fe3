"""Ten thousand versions of one model: the table shows all of them, and keeps only those in sight."""

import pytest
from playwright.sync_api import expect

from bench.seed import seed
from chalicelib.aws.names import TABLE_VARIABLE
from chalicelib.aws.services import Services
from chalicelib.aws.settings import Settings
from tests.e2e.browser.person import Person
from tests.e2e.stack import Stack

VERSIONS = 10_000
MOST_ROWS = 60


@pytest.fixture(scope="module")
def large(stack: Stack) -> str:
    """A model with ten thousand versions, written in bulk."""
    name = stack.fresh_name("large")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", stack.aws_endpoint)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        seed(Services(Settings.from_environment({TABLE_VARIABLE: stack.outputs["TableName"]})), name, VERSIONS)
    return name


def test_all_versions_can_be_scrolled_through(large: str, admin: Person) -> None:
    admin.open(f"/models/{large}/versions")
    table = admin.page.get_by_role("group", name="Versions")
    rows = admin.page.locator("tbody tr:not([aria-hidden])")
    foot = admin.page.get_by_text("10,000 rows")
    expect(rows.first).to_be_visible()
    for _ in range(VERSIONS):
        assert rows.count() <= MOST_ROWS
        if foot.count():
            break
        with admin.page.expect_response(lambda response: "/v1/search/versions" in response.url):
            table.evaluate("table => table.scrollTo(0, table.scrollHeight)")
    table.evaluate("table => table.scrollTo(0, table.scrollHeight)")
    expect(admin.page.get_by_role("link", name="version 1", exact=True)).to_be_visible()
    assert rows.count() <= MOST_ROWS
