import { expect, it } from "vitest";
import { directionsOf, type FoundModel, headlineOf } from "./holders";

function model(change: object): FoundModel {
  return { metadata: {}, promotion_rule: null, holders: null, ...change } as FoundModel;
}
const serving = { serving: { metrics: { rows: 7, latency_ms: 20, auc: 0.9 } } };

it("lets the metadata overrule the rule, also to say that neither way is better", () => {
  const rule = { metric: "auc", higher_is_better: true };
  expect(directionsOf(model({ promotion_rule: rule }))).toEqual({ auc: "up" });
  expect(
    directionsOf(model({ promotion_rule: rule, metadata: { metric_directions: { auc: "none", b: "down" } } })),
  ).toEqual({ b: "down" });
  expect(directionsOf(model({ metadata: { metric_directions: "up" } }))).toEqual({});
});

it("takes the rule's metric, then one with a direction, then the first", () => {
  expect(headlineOf(model({ holders: serving, promotion_rule: { metric: "rows" } }))).toEqual({
    name: "rows",
    value: 7,
  });
  expect(headlineOf(model({ holders: serving, metadata: { metric_directions: { latency_ms: "down" } } }))?.name).toBe(
    "latency_ms",
  );
  expect(headlineOf(model({ holders: serving }))?.name).toBe("auc");
  expect(headlineOf(model({}))).toBeNull();
});
