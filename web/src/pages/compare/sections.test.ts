import { expect, it } from "vitest";
import { type Comparison, equalRows, sectionsOf, shown, textOf } from "./sections";

const COMPARISON: Comparison = {
  model: "fraud",
  versions: [],
  metrics: [
    { name: "auc", values: [0.9, 0.95], differences: [0, 0.05] },
    { name: "rows", values: [10, 10], differences: [0, 0] },
  ],
  evaluations: [
    {
      name: "holdout",
      kinds: ["offline", null],
      measured_at: [null, null],
      datasets: [null, null],
      metrics: [],
      slices: [
        {
          group: { region: "eu" },
          metrics: [
            {
              name: "auc",
              values: [0.8, null],
              differences: [0, null],
              verdicts: [null, { verdict: "insufficient", reason: "it has no value" }],
            },
          ],
        },
      ],
    },
  ],
  checks: [{ name: "tests", values: ["passed", "passed"] }],
  parameters: [{ name: "depth", values: [4, null] }],
  provenance: [],
  datasets: [],
  requirements: [],
  framework: [],
  signature: [],
  files: [],
  truncated: ["parameters"],
  directions: { auc: "up" },
};
const sections = sectionsOf(COMPARISON);

it("shows only what differs, or everything", () => {
  const metrics = sections[0];
  expect(metrics && shown(metrics, false).map(({ name }) => name)).toEqual(["auc"]);
  expect(metrics && shown(metrics, true).map(({ name }) => name)).toEqual(["auc", "rows"]);
});

it("counts what is equal", () => {
  // A metric, the evaluation's dataset and a check.
  expect(equalRows(sections)).toBe(3);
});

it("names the slice of a metric, and keeps the metric's direction", () => {
  const evaluation = sections.find(({ title }) => title === "Evaluation holdout");
  expect(evaluation?.rows.at(-1)).toMatchObject({ name: "auc · region = eu", direction: "up", differs: true });
});

it("has what an evaluation shows beside the first version, and nothing of metrics that are not part of one", () => {
  const evaluation = sections.find(({ title }) => title === "Evaluation holdout");
  expect(evaluation?.rows.at(-1)).toMatchObject({ verdicts: [null, { verdict: "insufficient" }] });
  expect(sections[0]?.rows[0]).toMatchObject({ verdicts: [] });
});

it("says which section was cut", () => {
  expect(sections.filter(({ cut }) => cut).map(({ title }) => title)).toEqual(["Parameters"]);
});

it.each([
  [null, null],
  ["a", "a"],
  [false, "false"],
  [[{ version: "2026-06", digest: null }], "version 2026-06"],
  [{ name: "holdout", version: "3" }, "name holdout, version 3"],
])("writes %j as %j", (value, text) => {
  expect(textOf(value)).toBe(text);
});
