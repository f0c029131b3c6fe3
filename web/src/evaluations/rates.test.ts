import { expect, it } from "vitest";
import { rateInterval, ratesOf } from "./rates";

it("counts what each rate is about", () => {
  expect(ratesOf({ tp: 1, fp: 2, fn: 4, tn: 8 }).map(({ successes, n }) => [successes, n])).toEqual([
    [3, 15],
    [1, 5],
    [2, 10],
    [1, 3],
    [9, 15],
  ]);
});

it("has no rate of nothing", () => {
  const [, truePositive] = ratesOf({ tp: 0, fp: 2, fn: 0, tn: 8 });
  expect(truePositive && rateInterval(truePositive)).toBeNull();
});
