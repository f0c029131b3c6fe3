import { expect, it } from "vitest";
import { intervalOf, wilson } from "./interval";

it("takes the interval that was reported", () => {
  const interval = { low: 0.9, high: 0.95, level: 0.9, method: "bootstrap" };
  expect(intervalOf({ value: 0.93, n: 100, successes: 93, interval })).toEqual(interval);
});

// Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3.
it.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("computes Wilson's interval of %d of %d", (successes, n, low, high) => {
  const found = wilson(successes, n);
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
});

it("computes the interval of a mean, if there are enough observations", () => {
  expect(intervalOf({ value: 10, n: 100, sd: 2 })).toMatchObject({ method: "normal", level: 0.95 });
  expect(intervalOf({ value: 10, n: 100, sd: 2 })?.low).toBeCloseTo(9.608, 3);
  expect(intervalOf({ value: 10, n: 5, sd: 2 })).toBeNull();
});

it.each([[undefined], [{ value: 0.9 }], [{ value: 0.9, n: 100 }], [{ value: 0.9, n: 0, successes: 0 }]])(
  "knows no interval of %j",
  (measure) => {
    expect(intervalOf(measure)).toBeNull();
  },
);
