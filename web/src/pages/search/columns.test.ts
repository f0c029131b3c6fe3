import { expect, it } from "vitest";
import { namedMetrics } from "./columns";

it("finds each metric once, in the order of the filter", () => {
  expect(namedMetrics("metrics.f1 > 0.5 AND metric.auc < 1 OR metrics.f1 = 2")).toEqual(["f1", "auc"]);
});

it("reads names in backticks, and none from texts", () => {
  expect(namedMetrics("metrics.`log loss` < 1 AND name = 'metrics.auc'")).toEqual(["log loss"]);
});
