import { expect, it } from "vitest";
import { markdown, spreadsheet } from "./exported";
import type { Comparison, Section } from "./sections";

const COMPARISON = {
  model: "fraud",
  versions: [
    { number: 5, label: "1.0.0" },
    { number: 7, label: null },
  ],
} as Comparison;
const SECTIONS: Section[] = [
  {
    title: "Metrics",
    cut: false,
    rows: [
      { kind: "metric", name: "auc", values: [0.9, 0.95], direction: "up", verdicts: [], differs: true },
      { kind: "metric", name: "rows", values: [1, 1], direction: undefined, verdicts: [], differs: false },
    ],
  },
  {
    title: "Parameters",
    cut: false,
    rows: [{ kind: "text", name: "a|b", values: ["x\ny", null], differs: true }],
  },
];

it("writes a spreadsheet with numbers as numbers", () => {
  expect(spreadsheet(COMPARISON, SECTIONS, false)).toEqual([
    ["section", "name", "version 5", "version 7"],
    ["Metrics", "auc", 0.9, 0.95],
    ["Parameters", "a|b", "x\ny", null],
  ]);
});

it("writes a Markdown table that no value can break", () => {
  expect(markdown(COMPARISON, SECTIONS, true).split("\n").slice(2)).toEqual([
    "|  | version 5 (1.0.0) | version 7 |",
    "| --- | ---: | ---: |",
    "| **Metrics** |  |  |",
    "| auc | 0.9 | 0.95 (+0.05) |",
    "| rows | 1 | 1 (±0) |",
    "| **Parameters** |  |  |",
    "| a\\|b | x y | — |",
    "",
  ]);
});
