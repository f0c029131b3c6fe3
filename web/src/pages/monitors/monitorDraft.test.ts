import { expect, it } from "vitest";
import type { Monitor } from "../../monitors/queries";
import { boundsOf, documentOf, draftOf } from "./monitorDraft";

const monitor: Monitor = {
  name: "quality",
  model: "churn",
  kind: "performance",
  selector: "@champion",
  window: "day",
  statistic: "js",
  effect: 0.2,
  alpha: 0.02,
  correction: "benjamini_hochberg",
  min_n: 50,
  breaches: 1,
  of: 4,
  silent_after: 3,
  features: [],
  metrics: { auc: { at_least: 0.9, at_most: 1 }, "p95 ms": { at_least: null, at_most: 200 } },
  baseline: [],
  baseline_from: null,
  on_alarm: [{ do: "fail_check" }, { do: "open_request", to_stage: "archived" }],
  description: "How good it is.",
  standing: {
    verdict: "ok",
    version: 1,
    since: null,
    window: null,
    digest: null,
    worst: null,
    score: null,
    threshold: null,
  },
  acted: [],
  created_at: "2026-11-28T09:00:00.000Z",
  created_by: "token:ana",
  updated_at: "2026-11-28T09:00:00.000Z",
};

it("sends back a monitor that nobody edited as it was, and keeps its baseline", () => {
  const { name, model, baseline, baseline_from, standing, acted, created_at, created_by, updated_at, ...terms } =
    monitor;
  const metrics = { auc: { at_least: 0.9, at_most: 1 }, "p95 ms": { at_most: 200 } };
  expect(documentOf(draftOf(monitor), monitor)).toEqual({ ...terms, metrics });
});

it("leaves what has a default of its own to the registry", () => {
  const made = documentOf({ ...draftOf(undefined), kind: "drift", baseline: " @champion " }, undefined);
  expect(made).toMatchObject({ effect: null, baseline: { version: "@champion" }, on_alarm: [] });
  expect(made).not.toHaveProperty("alpha");
});

it("begins with as many examples as the registry does", () => {
  expect(documentOf(draftOf(undefined), undefined).min_n).toBe(200);
});

it("sends nothing of what a kind does not have, though it was typed before the kind was chosen", () => {
  const typed = { ...draftOf(undefined), features: "age", baseline: "@champion" };
  expect(documentOf({ ...typed, kind: "drift" }, undefined).features).toEqual(["age"]);
  const made = documentOf({ ...typed, kind: "performance" }, undefined);
  expect(made.features).toEqual([]);
  expect(made).not.toHaveProperty("baseline");
});

it("gives each deed its place, and none to those that have none", () => {
  const deeds = { roll_back: "alias:champion ", freeze: "" };
  expect(documentOf({ ...draftOf(undefined), deeds }, undefined).on_alarm).toEqual([
    { do: "roll_back", pointer: "alias:champion" },
    { do: "freeze" },
  ]);
});

it("names the first line that is no bound", () => {
  expect(boundsOf("auc >= 0.9\nlatency about 5\nx <= y").fault).toBe("latency about 5");
  expect(boundsOf("a >= b >= 0.5")).toEqual({ bounds: { "a >= b": { at_least: 0.5 } }, fault: undefined });
});
