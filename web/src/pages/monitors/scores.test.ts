import { expect, it } from "vitest";
import type { Judged, JudgedWindow, Monitor } from "../../monitors/queries";
import { firstOf, namesOf, pointsOf } from "./scores";

const finding = (name: string, verdict: "ok" | "breached" | "insufficient", score: number | null) => ({
  name,
  verdict,
  reason: "so it is",
  score,
  threshold: score === null ? null : 0.1,
});

const window = (hour: number, findings: JudgedWindow["findings"]): JudgedWindow => ({
  start: `2026-11-28T0${hour}:00:00.000Z`,
  sources: ["default"],
  n: 100,
  measured_at: `2026-11-28T0${hour + 1}:00:00.000Z`,
  verdict: "ok",
  findings,
});

const windows = [
  window(1, [finding("", "insufficient", null)]),
  window(2, [finding("income", "ok", 0.02), finding("age", "ok", 0.01)]),
  window(3, [finding("income", "ok", 0.05), finding("age", "breached", 0.3)]),
];
const judged = { windows } as unknown as Judged;
const monitor = {
  baseline: [{ name: "income" }, { name: "age" }],
  features: [],
  metrics: { auc: { at_least: 0.9, at_most: null } },
} as unknown as Monitor;

it("names what the monitor looks at once each, without what is about the whole window", () => {
  expect(namesOf(monitor, judged)).toEqual(["income", "age", "auc"]);
  expect(namesOf({ ...monitor, features: ["age"] }, undefined)).toEqual(["age", "auc"]);
});

it("shows first what breached most", () => {
  const names = namesOf(monitor, judged);
  expect(firstOf(names, "auc", judged)).toBe("auc");
  expect(firstOf(names, null, judged)).toBe("age");
  expect(firstOf(names, "gone", undefined)).toBe("income");
  expect(firstOf([], null, judged)).toBeUndefined();
});

it("marks breaches, and keeps windows that say nothing in their places", () => {
  const points = pointsOf(windows, "age");
  expect(points.map(({ value, mark }) => [value, mark])).toEqual([
    [null, undefined],
    [0.01, undefined],
    [0.3, "breached"],
  ]);
  expect(points[0]?.note).toBe("insufficient: so it is");
});
