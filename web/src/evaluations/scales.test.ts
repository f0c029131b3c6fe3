import { expect, it } from "vitest";
import { scalesOf } from "./scales";

const ACCURACY = { name: "accuracy", value: 0.918, interval: { low: 0.9125, high: 0.9232 } };
const RECALL = { name: "recall", value: 0.84, interval: { low: 0.82, high: 0.86 } };
const LATENCY = { name: "latency_ms", value: 15.5, interval: { low: 15.44, high: 15.56 } };

it("draws a narrow interval of a share so wide that its ends can be seen", () => {
  const [low, high] = scalesOf([ACCURACY]).get("accuracy") ?? [0, 1];
  expect((ACCURACY.interval.high - ACCURACY.interval.low) / (high - low)).toBeGreaterThan(0.8);
});

it("draws shares on one scale that holds all of them, and what has a unit on its own", () => {
  const scales = scalesOf([ACCURACY, LATENCY, RECALL]);
  const [low, high] = scales.get("accuracy") ?? [0, 1];
  expect(scales.get("recall")).toEqual([low, high]);
  expect(low).toBeLessThan(0.82);
  expect(high).toBeGreaterThan(0.9232);
  expect(high).toBeLessThan(1);
  const [from, to] = scales.get("latency_ms") ?? [0, 1];
  expect(from).toBeGreaterThan(15);
  expect(to).toBeLessThan(16);
});

it("takes no notice of metrics whose interval is not known", () => {
  const scales = scalesOf([ACCURACY, { name: "auc", value: 0.5, interval: null }]);
  expect(scales.has("auc")).toBe(false);
  expect(scales.get("accuracy")).toEqual(scalesOf([ACCURACY]).get("accuracy"));
});
