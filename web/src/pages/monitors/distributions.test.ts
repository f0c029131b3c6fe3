import { expect, it } from "vitest";
import type { Histogram, Window } from "../../monitors/queries";
import { besides, bySource } from "./distributions";

const numeric: Histogram = {
  name: "age",
  kind: "numeric",
  edges: [10, 20],
  values: [],
  counts: [1, 2, 1],
  missing: 1,
  n: 4,
};
const plan: Histogram = {
  name: "plan",
  kind: "categorical",
  edges: [],
  values: ["a", "b"],
  counts: [6, 3, 1],
  missing: 0,
  n: 10,
};

it("compares shares bin by bin, and adds up what sources counted", () => {
  const found = besides(numeric, [
    { ...numeric, counts: [0, 1, 0], n: 1, missing: 0 },
    { ...numeric, counts: [1, 0, 0], n: 1, missing: 2 },
  ]);
  expect(found?.bins).toEqual([
    { name: "≤ 10", shares: [0.25, 0.5] },
    { name: "10 – 20", shares: [0.5, 0.5] },
    { name: "> 20", shares: [0.25, 0] },
  ]);
  expect(found?.counted).toEqual([
    { n: 5, missing: 1 },
    { n: 4, missing: 2 },
  ]);
});

it("counts values that were left out among the others", () => {
  const found = besides(plan, [{ ...plan, values: ["a"], counts: [5, 5], n: 10 }]);
  expect(found?.bins).toEqual([
    { name: "a", shares: [0.6, 0.5] },
    { name: "others", shares: [0.4, 0.5] },
  ]);
});

it("finds values in another order", () => {
  const found = besides(plan, [{ ...plan, values: ["b", "a"], counts: [9, 1, 0] }]);
  expect(found?.bins.map(({ shares }) => shares[1])).toEqual([0.1, 0.9, 0]);
});

it("does not compare other bins, or nothing", () => {
  expect(besides(numeric, [{ ...numeric, edges: [5, 20] }])).toBeNull();
  expect(besides(numeric, [])).toBeNull();
  expect(besides(numeric, [{ ...numeric, counts: [0, 0, 0], n: 0 }])?.bins[0]?.shares).toEqual([0.25, null]);
});

it("keeps the sources of a window together", () => {
  const windows = [
    { start: "2", source: "a" },
    { start: "2", source: "b" },
    { start: "1", source: "a" },
  ] as Window[];
  expect(bySource(windows).map(({ start, sources }) => [start, sources.length])).toEqual([
    ["2", 2],
    ["1", 1],
  ]);
});
