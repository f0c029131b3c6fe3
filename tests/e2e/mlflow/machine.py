"""Calls of MLflow's registry, good and bad, drawn at random and made on two servers, whose answers must be the same.

What Moorage does otherwise on purpose is a rule of its own here: it is checked on Moorage, and MLflow's server is then
led to the same state in a way that both take.
"""

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.e2e.mlflow.comparison import compared, differ
from tests.e2e.mlflow.drawn import (
    ALIAS,
    BAD_NAME,
    DESCRIPTION,
    IS_PROMPT,
    KEY,
    MALFORMED,
    MODEL,
    MODEL_CONDITIONS,
    MODEL_ORDERS,
    MODELS,
    PROMPT,
    PROMPTS,
    RUN,
    SHORT,
    SOURCE,
    STAGE,
    TAGS,
    UNKNOWN_STAGE,
    VALUE,
    VERSION,
    VERSION_CONDITIONS,
    VERSION_ORDERS,
)
from tests.e2e.mlflow.sides import Answer, Renumbered, Side

HOLDING: Final = ("Staging", "Production")


class Registries(RuleBasedStateMachine):
    """Both servers, led through the same calls. ``sides`` and ``started`` are given by who runs it."""

    mlflow: Side
    moorage: Side
    label: str
    started: int = 0
    calls: int = 0

    def __init__(self) -> None:
        super().__init__()
        cls = type(self)
        cls.started += 1
        # Names of its own, so that no run sees what another has left.
        self.prefix = f"{self.label}-{cls.started}-"
        self.both = (self.mlflow, Renumbered(self.moorage))
        self.changes = 0

    # What both must answer alike.

    @initialize(numbers=st.lists(st.integers(0, 4), min_size=2, max_size=2))
    def begin(self, numbers: list[int]) -> None:
        for short, number in zip(("a", "b"), numbers, strict=True):
            self.ask("POST", "registered-models/create", name=self.prefix + short)
            for _ in range(number):
                self.ask("POST", "model-versions/create", name=self.prefix + short, source="s3://bucket/first")

    @rule(short=SHORT, tags=TAGS, description=DESCRIPTION)
    def create_model(self, short: str, tags: list[Any], description: str) -> None:
        self.ask("POST", "registered-models/create", name=self.prefix + short, tags=tags, description=description)

    @rule()
    def create_prompt(self) -> None:
        tags = [{"key": IS_PROMPT, "value": "true"}, {"key": "_mlflow_prompt_type", "value": "text"}]
        self.ask("POST", "registered-models/create", name=self.prefix + PROMPT, tags=tags)

    @rule(bad=BAD_NAME)
    def name_badly(self, bad: str) -> None:
        self.ask("GET", "registered-models/get", name=bad)
        self.ask("GET", "model-versions/get", name=bad, version="1")
        if bad != "never there":
            self.ask("POST", "registered-models/create", name=bad)

    @rule(short=SHORT)
    def get_model(self, short: str) -> None:
        self.ask("GET", "registered-models/get", name=self.prefix + short)

    @rule(short=SHORT)
    def describe_model(self, short: str) -> None:
        self.touch_model(short)

    @rule(short=SHORT, key=KEY, value=VALUE)
    def tag_model(self, short: str, key: str, value: str) -> None:
        self.ask("POST", "registered-models/set-tag", name=self.prefix + short, key=key, value=value)

    @rule(short=SHORT, key=KEY)
    def untag_model(self, short: str, key: str) -> None:
        self.ask("DELETE", "registered-models/delete-tag", name=self.prefix + short, key=key)

    @rule(short=MODEL, source=SOURCE, run=RUN, tags=TAGS, description=DESCRIPTION)
    def create_version(self, short: str, source: str, run: str, tags: list[Any], description: str) -> None:
        given = {"source": source, "tags": tags, "description": description, "run_link": "https://host/run"}
        given |= {"run_id": run} if run else {}
        self.ask("POST", "model-versions/create", name=self.prefix + short, **given)

    @rule(text=st.sampled_from(["Hello {{name}}", "x" * 20_000]), source=st.sampled_from(["dummy-source", "s3://b/p"]))
    def create_prompt_version(self, text: str, source: str) -> None:
        tags = [{"key": IS_PROMPT, "value": "true"}, {"key": "mlflow.prompt.text", "value": text}]
        self.ask("POST", "model-versions/create", name=self.prefix + PROMPT, source=source, tags=tags)

    @rule(short=SHORT, version=VERSION)
    def get_version(self, short: str, version: str) -> None:
        self.ask("GET", "model-versions/get", name=self.prefix + short, version=version)
        self.ask("GET", "model-versions/get-download-uri", name=self.prefix + short, version=version or "1")

    @rule(short=SHORT, version=VERSION)
    def describe_version(self, short: str, version: str) -> None:
        self.touch_version(short, version)

    @rule(short=SHORT, version=VERSION, key=KEY, value=VALUE)
    def tag_version(self, short: str, version: str, key: str, value: str) -> None:
        given = {"name": self.prefix + short, "version": version, "key": key}
        self.ask("POST", "model-versions/set-tag", **given, value=value)

    @rule(short=SHORT, version=VERSION, key=KEY)
    def untag_version(self, short: str, version: str, key: str) -> None:
        self.ask("DELETE", "model-versions/delete-tag", name=self.prefix + short, version=version, key=key)

    @rule(short=SHORT, alias=ALIAS, version=VERSION)
    def point_alias(self, short: str, alias: str, version: str) -> None:
        self.ask("POST", "registered-models/alias", name=self.prefix + short, alias=alias, version=version)

    @rule(short=SHORT, alias=ALIAS)
    def delete_alias(self, short: str, alias: str) -> None:
        self.ask("DELETE", "registered-models/alias", name=self.prefix + short, alias=alias)

    @rule(short=SHORT, alias=ALIAS)
    def get_by_alias(self, short: str, alias: str) -> None:
        self.ask("GET", "registered-models/alias", name=self.prefix + short, alias=alias)

    @rule(short=SHORT, stages=st.lists(STAGE, max_size=3), method=st.sampled_from(["GET", "POST"]))
    def get_latest(self, short: str, stages: list[str], method: str) -> None:
        self.ask(method, "registered-models/get-latest-versions", name=self.prefix + short, stages=stages)

    @rule(conditions=st.lists(MODEL_CONDITIONS, max_size=2), order=MODEL_ORDERS, size=st.sampled_from([1, 2, 100]))
    def search_models(self, conditions: list[str], order: list[str], size: int) -> None:
        self.search("registered-models/search", conditions, order, size)

    @rule(conditions=st.lists(VERSION_CONDITIONS, max_size=2), order=VERSION_ORDERS, size=st.sampled_from([1, 3, 1000]))
    def search_versions(self, conditions: list[str], order: list[str], size: int) -> None:
        self.search("model-versions/search", conditions, order, size)

    @rule(call=MALFORMED)
    def malformed(self, call: tuple[str, str, dict[str, Any]]) -> None:
        method, path, given = call
        self.ask(method, path, **given)

    @rule(short=SHORT, version=VERSION, stage=STAGE, archive=st.booleans())
    def move(self, short: str, version: str, stage: str, archive: bool) -> None:
        """Then what MLflow dates as one change, or dates though nothing changed, is dated alike again.

        What stages there are says the model's scheme, so that of a model that is not there none is unknown.
        """
        if stage == UNKNOWN_STAGE and version not in [one["version"] for one in self.versions(short)]:
            return
        given = {"name": self.prefix + short, "version": version, "stage": stage}
        moved = self.ask("POST", "model-versions/transition-stage", **given, archive_existing_versions=archive)
        if moved.status == 200:
            for standing in self.versions(short):
                self.touch_version(short, standing["version"])
            self.touch_model(short)

    # What Moorage does otherwise.

    @rule(short=SHORT, version=VERSION)
    def delete_version(self, short: str, version: str) -> None:
        """Moorage deletes no version out of a stage in use: it is archived first."""
        name = self.prefix + short
        self.put_away(short, [one for one in self.versions(short) if one["version"] == version.lstrip("0")])
        self.ask("DELETE", "model-versions/delete", name=name, version=version)

    @rule(short=SHORT)
    def delete_model(self, short: str) -> None:
        self.put_away(short, self.versions(short))
        self.ask("DELETE", "registered-models/delete", name=self.prefix + short)

    @rule(short=SHORT, new=st.one_of(SHORT.map(lambda short: ("", short)), BAD_NAME.map(lambda bad: ("bad", bad))))
    def rename_model(self, short: str, new: tuple[str, str]) -> None:
        """Moorage renames no model that has versions: their numbers and their history are the name's."""
        kind, text = new
        given = {"name": self.prefix + short, "new_name": text if kind else self.prefix + text}
        if text == "never there":
            return
        if self.versions(short) and not kind and text != short:
            refused = self.both[1].call("POST", "registered-models/rename", given)
            assert (refused.status, refused.document["error_code"]) == (400, "INVALID_STATE"), refused
        else:
            self.ask("POST", "registered-models/rename", **given)

    def put_away(self, short: str, versions: list[Any]) -> None:
        name = self.prefix + short
        for one in versions:
            if one["current_stage"] in HOLDING:
                given = {"name": name, "version": one["version"]}
                refused = self.both[1].call("DELETE", "model-versions/delete", given)
                assert (refused.status, refused.document["error_code"]) == (400, "INVALID_STATE"), refused
                self.move(short, one["version"], "Archived", False)

    # The calls.

    def ask(self, method: str, path: str, **given: Any) -> Answer:
        """Make a call on both servers, whose answers must be the same; answers MLflow's."""
        type(self).calls += 1
        mlflow, moorage = (side.call(method, path, given) for side in self.both)
        assert not differ(mlflow, moorage, path), f"{method} {path} {given}\n  MLflow:  {mlflow}\n  Moorage: {moorage}"
        return mlflow

    def search(self, path: str, conditions: list[str], order: list[str], size: int) -> None:
        """Search among the models of this run, on both servers, page after page: what all pages hold is the same."""
        within = " AND ".join(["name LIKE '{}%'", *conditions]).replace("{}", self.prefix)
        given = {"filter": within, "order_by": order, "max_results": size}
        mlflow, moorage = (self.all_pages(side, path, given) for side in self.both)
        assert mlflow == moorage, f"{path} {given}\n  MLflow:  {mlflow}\n  Moorage: {moorage}"

    def all_pages(self, side: Side, path: str, given: dict[str, Any]) -> list[Any]:
        found: list[Any] = []
        token: str | None = ""
        while token is not None:
            type(self).calls += 1
            answer = side.call("GET", path, {**given, "page_token": token} if token else given)
            assert answer.status == 200, f"{path} {given} {answer}"
            token = answer.document.get("next_page_token")
            _, plain = compared(answer, path)
            found += [one for listed in plain.values() for one in listed]
        return found

    def versions(self, short: str) -> list[Any]:
        """The versions of a model by MLflow's server, lowest first."""
        named = f'name = "{self.prefix}{short}"' + (f" AND {PROMPTS}" if short == PROMPT else "")
        given = {"filter": named, "order_by": ["version_number"], "max_results": 1000}
        found: list[Any] = self.mlflow.call("GET", "model-versions/search", given).document.get("model_versions", [])
        return found

    def touch_model(self, short: str) -> None:
        self.changes += 1
        self.ask("PATCH", "registered-models/update", name=self.prefix + short, description=f"change {self.changes}")

    def touch_version(self, short: str, version: str) -> None:
        self.changes += 1
        given = {"name": self.prefix + short, "version": version, "description": f"change {self.changes}"}
        self.ask("PATCH", "model-versions/update", **given)

    def teardown(self) -> None:
        for short in (*MODELS, PROMPT):
            self.ask("GET", "registered-models/get", name=self.prefix + short)
            for one in self.versions(short):
                self.ask("GET", "model-versions/get", name=self.prefix + short, version=one["version"])
