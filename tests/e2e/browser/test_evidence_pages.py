"""Evaluations, monitors and lineage as people see them: what they show, and what can be done with the keyboard."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from moorage import Client, Grant, NotFoundError
from moorage.monitors import Act, MetricBounds
from playwright.sync_api import expect

from tests.e2e.browser.evidence import DATA, HOURS, PLOT
from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.stack import Stack


def test_an_evaluation_shows_what_is_known_and_what_it_proves(scene: Scene, admin: Person) -> None:
    admin.open(f"/models/{scene.model}/versions/3")
    card = admin.card("Evaluations")
    accuracy = card.get_by_role("row").filter(has_text="accuracy, higher is better")
    expect(accuracy).to_contain_text("0.9125 to 0.9232 (95 %, wilson)")
    expect(accuracy).to_contain_text("better")
    expect(card.get_by_role("row").filter(has_text="auc")).to_contain_text("not known")
    expect(card.get_by_role("row").filter(has_text="region = us")).to_contain_text("36 %")

    card.get_by_role("link", name="holdout").click()
    admin.settle()
    expect(admin.card("Every time it was recorded").get_by_role("row")).to_have_count(3)
    admin.card("Over time").get_by_text("As a table").click()
    expect(admin.card("Over time").get_by_role("row")).to_have_count(3)
    admin.page.get_by_role("button", name="All versions").click()
    expect(admin.card("Over time").get_by_role("row")).to_have_count(4)
    expect(admin.card("Slice by slice")).to_contain_text("age = 60+, region = apac")

    files = admin.card("Plots and reports")
    expect(files.get_by_role("row").filter(has_text=PLOT)).to_contain_text("The curve of all regions.")
    with admin.page.expect_download() as saving:
        files.get_by_role("button", name=f"Download {PLOT}").click()
    assert saving.value.suggested_filename == PLOT

    admin.open(f"/models/{scene.model}")
    duel = admin.card("Champion and challenger").get_by_role("row").filter(has_text="of holdout")
    expect(duel.filter(has_text="accuracy")).to_contain_text("+0.025, 95 % from")


def test_a_report_is_attached_from_the_browser_also_at_a_second_try(
    stack: Stack, admin: Person, tmp_path: Path
) -> None:
    model, report = stack.fresh_name("measured"), tmp_path / "Errors by Region.html"
    report.write_text("<p>eu: 3 %</p>")
    with Client(stack.url, stack.token) as client:
        folder = tmp_path / "model"
        folder.mkdir()
        (folder / "weights.bin").write_bytes(b"weights")
        client.register(model, folder)
        client.evaluations.record(model, 1, "holdout", {"auc": 0.91})
        admin.open(f"/models/{model}/versions/1/evaluations/holdout")
        expect(admin.card("Plots and reports")).to_contain_text("No plots or reports are attached")

        dialog = admin.press("Attach a file", "Attach a plot or report")
        attach = dialog.get_by_role("button", name="Attach it")
        expect(attach).to_have_accessible_description("Choose a file.")
        dialog.get_by_label("File").set_input_files(report)
        expect(dialog.get_by_label("Name")).to_have_value("errors-by-region.html")
        dialog.get_by_label("Description").fill("Where it errs.")
        assert admin.violations() == []
        in_storage = re.compile(r"/evidence/")
        admin.page.route(in_storage, lambda route: route.abort())
        attach.click()
        expect(dialog.get_by_role("alert")).to_contain_text("The storage cannot be reached.")
        admin.page.unroute(in_storage)
        admin.confirm(dialog, "Attach it", "errors-by-region.html is attached")

        listed = admin.row("errors-by-region.html")
        expect(listed).to_contain_text("Where it errs.")
        (attached,) = client.evidence_files.list(model, 1, evaluation="holdout")
        assert (attached.name, attached.description) == ("errors-by-region.html", "Where it errs.")
        kept = client.evidence_files.download(model, 1, attached.name, tmp_path / "kept.html")
        assert kept.read_bytes() == report.read_bytes()

        again = admin.press("Attach a file", "Attach a plot or report")
        again.get_by_label("File").set_input_files(report)
        again.get_by_role("button", name="Attach it").click()
        expect(again.get_by_role("alert")).to_contain_text("whose bytes do not change")


def test_a_reader_is_told_what_attaching_a_file_needs(scene: Scene, holder: Callable[[Grant], Person]) -> None:
    reader = holder(Grant("viewer", scene.model))
    reader.open(f"/models/{scene.model}/versions/3/evaluations/holdout")
    button = reader.page.get_by_role("button", name="Attach a file")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_accessible_description("It needs the action report on this model.")


def test_a_monitor_shows_why_it_alarms_and_what_was_done(scene: Scene, admin: Person) -> None:
    admin.open(f"/models/{scene.model}")
    admin.card("Health").get_by_role("link", name="inputs").click()
    admin.settle()
    score = admin.card("Score")
    score.get_by_text("As a table").click()
    expect(score.get_by_role("row").filter(has_text="breached")).to_have_count(2)
    admin.card("Distribution").get_by_text("As a table").click()
    expect(admin.card("Distribution").get_by_role("row").filter(has_text="> 50")).to_contain_text("45 %")
    expect(admin.card("What happened")).to_contain_text("fail the check of the version")
    expect(admin.card("What happened")).to_contain_text("raised the alarm of the monitor inputs")

    windows = admin.card("Windows").get_by_role("row")
    expect(windows).to_have_count(HOURS + 1)
    windows.nth(HOURS).get_by_role("link").click()
    expect(admin.card("Distribution").get_by_role("row").filter(has_text="> 50")).not_to_contain_text("45 %")
    score.get_by_label("Of").select_option("plan")
    expect(admin.card("Distribution").get_by_role("row").filter(has_text="family")).to_contain_text("30 %")


def test_a_monitor_is_made_edited_and_deleted(stack: Stack, admin: Person) -> None:
    model = stack.fresh_name("watched")
    with Client(stack.url, stack.token) as client:
        client.models.create(model)
        admin.open(f"/models/{model}/monitors")
        create = admin.press("Create a monitor", "Create a monitor")
        create.get_by_label("Name", exact=True).fill("quality")
        create.get_by_label("Metrics").fill("accuracy about 0.9")
        expect(create).to_contain_text("is not a bound")
        create.get_by_label("Metrics").fill("accuracy >= 0.9")
        create.get_by_label("Roll back a stage or an alias").check()
        create.get_by_label("Stage or alias to roll back").fill("champion")
        create.get_by_role("button", name="Create the monitor").click()
        expect(create.get_by_role("alert")).to_contain_text("must be stage:NAME or alias:NAME")
        create.get_by_label("Stage or alias to roll back").fill("alias:champion")
        admin.confirm(create, "Create the monitor", "The monitor is created")
        made = client.monitors.get(model, "quality")
        assert made.metrics == {"accuracy": MetricBounds(at_least=0.9)}
        assert made.on_alarm == (Act("roll_back", pointer="alias:champion"),)

        edit = admin.press("Edit", "Edit quality")
        edit.get_by_label("Windows of one").select_option("day")
        admin.confirm(edit, "Save the monitor", "The monitor is saved")
        assert client.monitors.get(model, "quality").window == "day"

        delete = admin.press("Delete", "Delete the monitor quality")
        admin.confirm(delete, "Delete the monitor", "The monitor quality is deleted")
        with pytest.raises(NotFoundError):
            client.monitors.get(model, "quality")


def test_lineage_is_followed_with_the_keyboard(scene: Scene, admin: Person) -> None:
    admin.open(f"/models/{scene.model}/versions/2/lineage")
    expect(admin.card("To make this version again")).to_contain_text("Record the random seed")
    expect(admin.card("As a table").get_by_role("row").filter(has_text="is based on")).to_contain_text(scene.secret)
    with admin.page.expect_download() as saving:
        admin.page.get_by_role("button", name="Save as OpenLineage").click()
    assert saving.value.suggested_filename == f"{scene.model}-2.openlineage.json"
    graph = admin.page.get_by_role("group", name="Graph of the lineage")
    dataset = graph.get_by_role("link").filter(has_text=DATA.name)
    graph.focus()
    for _ in range(graph.get_by_role("link").count()):
        admin.page.keyboard.press("Tab")
        if dataset.evaluate("link => link === document.activeElement"):
            break
    admin.page.keyboard.press("Enter")
    expect(admin.page.get_by_role("heading", level=1)).to_have_text(DATA.name)
    admin.settle()
    expect(graph.get_by_role("link").filter(has_text=scene.model)).to_have_count(5)


def test_what_a_reader_may_not_see_is_hidden_in_the_lineage(scene: Scene, holder: Callable[[Grant], Person]) -> None:
    reader = holder(Grant("viewer", scene.model))
    reader.open(f"/models/{scene.model}/versions/2/lineage")
    based = reader.card("As a table").get_by_role("row").filter(has_text="is based on")
    expect(based).to_contain_text("version hidden")
    assert scene.secret not in reader.page.content()
