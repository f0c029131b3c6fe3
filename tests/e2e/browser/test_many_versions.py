"""Ten thousand versions of one model: the table shows all of them, and keeps only those in sight."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from bench.seed import seed
from chalicelib.aws import keys
from chalicelib.aws.names import TABLE_VARIABLE
from chalicelib.aws.services import Services
from chalicelib.aws.settings import Settings
from tests.e2e.browser.person import Person
from tests.e2e.stack import Stack

VERSIONS = 10_000
# Limit of BatchWriteItem.
BATCH = 25
MOST_ROWS = 60


@pytest.fixture(scope="module")
def large(stack: Stack) -> Iterator[str]:
    """A model with ten thousand versions, written in bulk, and removed again: they slow the emulator down."""
    name = stack.fresh_name("large")
    table = stack.outputs["TableName"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", stack.aws_endpoint)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        seed(Services(Settings.from_environment({TABLE_VARIABLE: table})), name, VERSIONS, indexed=False)
    yield name
    dynamodb = stack.aws("dynamodb")
    written = [keys.head(f"model:{name}"), keys.profile(name), *(keys.version(name, at + 1) for at in range(VERSIONS))]
    for first in range(0, len(written), BATCH):
        deleted = written[first : first + BATCH]
        requests = [{"DeleteRequest": {"Key": {"PK": {"S": key.partition}, "SK": {"S": key.sort}}}} for key in deleted]
        dynamodb.batch_write_item(RequestItems={table: requests})


def test_all_versions_can_be_scrolled_through(large: str, admin: Person) -> None:
    admin.open(f"/models/{large}/versions")
    table = admin.page.get_by_role("group", name="Versions")
    rows = admin.page.locator("tbody tr:not([aria-hidden])")
    foot = admin.page.get_by_role("status").filter(has_text="rows")
    expect(rows.first).to_be_visible()
    while (shown := foot.inner_text()) != f"{VERSIONS:,} rows":
        assert rows.count() <= MOST_ROWS
        table.evaluate("table => table.scrollTo(0, table.scrollHeight)")
        expect(foot).not_to_have_text(shown)
    table.evaluate("table => table.scrollTo(0, table.scrollHeight)")
    expect(admin.page.get_by_role("link", name="version 1", exact=True)).to_be_visible()
    assert rows.count() <= MOST_ROWS
