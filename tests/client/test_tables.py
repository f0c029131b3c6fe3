"""Lists, searches, rankings, series and comparisons as pandas tables."""

import copy
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import matplotlib as mpl
import pandas
import pytest
from moorage import Client, Grant, Slice
from moorage.extras import need
from moorage.listing import Listing, WholeList

from tests.client.lines import Line


@pytest.fixture(autouse=True)
def no_screen() -> None:
    mpl.use("agg")


@pytest.fixture(autouse=True)
def made(client: Client, build: Path) -> None:
    trained = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    client.models.create("fraud", owner="risk", tags={"team": "risk"})
    client.register("fraud", metrics={"auc": 0.9, "rows": 2**53 + 1}, parameters={"depth": 4})
    client.register("fraud", metrics={"auc": 0.97, "loss": 0.25}, metadata={"training": {"at": trained}}, label="1.1.0")


def test_a_list_has_a_row_for_each_item_and_a_column_for_each_name(client: Client) -> None:
    client.lifecycle.lock("fraud", 1, "audited")
    table = client.versions.list("fraud").to_pandas()
    assert list(table["number"]) == [2, 1]
    assert [name for name in table.columns if name.startswith("metrics.")] == [
        "metrics.auc",
        "metrics.loss",
        "metrics.rows",
    ]
    assert list(table["metrics.auc"]) == [0.97, 0.9]
    assert table["metrics.rows"].isna().tolist() == [True, False]
    assert table["metrics.rows"].iloc[1] == 2**53 + 1
    assert list(table["parameters.depth"].isna()) == [True, False]
    assert list(table["locked.reason"].isna()) == [True, False]
    assert table["locked.reason"].iloc[1] == "audited"


def test_times_are_datetimes_in_utc_also_those_of_metadata_and_those_that_are_missing(client: Client) -> None:
    table = client.versions.list("fraud").to_pandas()
    for name in ("created_at", "locked.at", "metadata.training.at"):
        assert isinstance(table[name].dtype, pandas.DatetimeTZDtype), name
        assert str(table[name].dtype.tz) == "UTC"
    assert table["created_at"].iloc[0] == client.versions.get("fraud", 2).created_at
    assert table["locked.at"].isna().all()
    assert table["metadata.training.at"].isna().tolist() == [False, True]


def test_a_list_without_items_has_its_columns(client: Client) -> None:
    table = client.versions.list("fraud", limit=0).to_pandas()
    assert len(table) == 0
    assert {"number", "locked.by", "created_at"} <= set(table.columns)
    assert isinstance(table["created_at"].dtype, pandas.DatetimeTZDtype)


def test_every_page_is_read_and_an_item_that_was_taken_is_left_out(client: Client, api: Line) -> None:
    listing = client.versions.list("fraud")
    assert next(listing).number == 2
    assert list(listing.to_pandas()["number"]) == [1]

    def page(request: httpx.Request, _: object) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        item = {"name": f"after-{cursor}", "created_at": "2026-11-23T09:30:00.000Z"}
        return httpx.Response(200, json={"items": [item], "next_cursor": None if cursor == "b" else "b"})

    api.disturb(page, times=2)
    assert list(client.models.list().to_pandas()["name"]) == ["after-None", "after-b"]


def test_searches_and_rankings_are_tables(client: Client) -> None:
    found = client.search.versions("metrics.auc > 0.95").to_pandas()
    assert list(found["label"]) == ["1.1.0"]
    models = client.search.models(with_holders=True).to_pandas()
    assert (models["tags.team"].iloc[0], models["versions"].iloc[0]) == ("risk", 2)
    assert "holders.champion.metrics.auc" not in models.columns and "holders.open_requests" in models.columns
    best = client.models.best("fraud", "auc").to_pandas()
    assert list(zip(best["number"], best["value"], strict=True)) == [(2, 0.97), (1, 0.9)]
    assert isinstance(best["created_at"].dtype, pandas.DatetimeTZDtype)


def test_lists_that_come_whole_are_tuples_and_tables(client: Client) -> None:
    client.aliases.set("fraud", "champion", 2)
    aliases = client.aliases.list("fraud")
    assert (len(aliases), aliases[0].version) == (1, 2)
    assert list(aliases.to_pandas()["alias"]) == ["champion"]
    for whole in (
        client.stages.list("fraud"),
        client.roles.list(),
        client.checks.list("fraud", 1),
        client.evaluations.list("fraud", 1),
        client.search.fields(),
        client.versions.transitions("fraud", 1),
    ):
        assert isinstance(whole, WholeList)
        assert len(whole.to_pandas()) == len(whole)
    # The number of a version stays a whole number beside a stage that has none.
    client.versions.transition("fraud", 2, "production")
    stages = client.stages.list("fraud").to_pandas().set_index("name")
    assert (str(stages["version"].dtype), stages["version"]["production"]) == ("Int64", 2)
    assert pandas.isna(stages["version"]["development"])


def test_the_secret_of_a_token_and_the_raw_event_are_in_no_table(client: Client) -> None:
    created = client.tokens.create("ci", [Grant("viewer", "*")])
    table = WholeList(type(created), [created]).to_pandas()
    assert "token" not in table.columns
    events = client.events.list("fraud").to_pandas()
    assert not [name for name in events.columns if name.startswith("document")]
    assert list(events["type"])[-1] == "model.created"


def test_names_are_a_table_too(client: Client) -> None:
    assert "model:fraud" in list(client.anchors.ledgers().to_pandas()["value"])


def test_a_series_is_a_table_by_version_and_a_picture(client: Client) -> None:
    series = client.models.series("fraud", "auc", "loss")
    table = series.to_pandas()
    assert (table.index.name, list(table.index)) == ("version", [1, 2])
    assert list(table["auc"]) == [0.9, 0.97]
    assert table["loss"].isna().tolist() == [True, False]
    axes = series.plot()
    auc, loss = axes.get_lines()
    assert [list(map(float, auc.get_xdata())), list(map(float, auc.get_ydata()))] == [[1, 2], [0.9, 0.97]]
    assert list(map(float, loss.get_xdata())) == [2]
    assert (axes.get_xlabel(), axes.get_title()) == ("version", "fraud")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["auc", "loss"]
    assert series.plot(axes) is axes


def test_a_picture_of_one_metric_names_it_beside_its_axis(client: Client) -> None:
    axes = client.models.series("fraud", "auc").plot()
    assert (axes.get_ylabel(), axes.get_legend()) == ("auc", None)
    drawn_into = client.models.series("fraud", "loss").plot(axes)
    assert drawn_into.get_ylabel() == "auc" and drawn_into.get_legend() is not None


def test_a_comparison_is_a_table_by_section_and_version(client: Client) -> None:
    client.evaluations.record("fraud", 1, "holdout", {"f1": 0.5}, slices=[Slice({"country": "FR"}, {"f1": 0.25})])
    client.checks.report("fraud", 2, "ci", True)
    table = client.versions.compare("fraud", 1, 2).to_pandas()
    assert list(table.columns) == [1, 2]
    assert list(table.loc[("metrics", "auc")]) == [0.9, 0.97]
    assert table.loc[("evaluations.holdout", "f1"), 1] == 0.5
    assert table.loc[("evaluations.holdout[country=FR]", "f1"), 1] == 0.25
    assert ("checks", "ci") in table.index
    assert table.loc[("parameters", "depth"), 1] == 4


def test_a_missing_package_is_named_with_its_extra() -> None:
    with pytest.raises(ImportError, match=r"a table needs no_such_package: pip install 'moorage\[pandas\]'"):
        need("no_such_package", "pandas", "a table")


def test_a_package_that_is_broken_is_not_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_package.py").write_text("import no_such_dependency")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_dependency'"):
        need("broken_package", "pandas", "a table")


def test_a_whole_list_survives_copying_and_pickling(client: Client) -> None:
    stages = client.stages.list("fraud")
    for copied in (copy.copy(stages), pickle.loads(pickle.dumps(stages))):
        assert (copied, copied.kind) == (stages, stages.kind)


def test_listing_needs_no_pandas() -> None:
    program = (
        "import sys; from moorage.listing import Listing; assert Listing(str, iter('ab')).to_list() == ['a', 'b'];"
        "assert not {'pandas', 'numpy', 'matplotlib', 'greenlet'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert Listing(str, iter("ab")).to_list() == ["a", "b"]
