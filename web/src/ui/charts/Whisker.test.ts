import { expect, it } from "vitest";
import { spanOf } from "./Whisker";

it("holds every value with its interval, and a margin", () => {
  const [low, high] = spanOf([
    { value: 0.9, low: 0.8, high: 0.95 },
    { value: 0.7, low: null, high: null },
  ]);
  expect(low).toBeLessThan(0.7);
  expect(low).toBeGreaterThan(0.65);
  expect(high).toBeGreaterThan(0.95);
  expect(high).toBeLessThan(1);
});

it("has a width even if there is one value", () => {
  expect(spanOf([{ value: 0, low: null, high: null }])).toEqual([-1, 1]);
});
