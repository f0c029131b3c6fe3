import { expect, it } from "vitest";
import { headline, metricNames } from "./headline";

type Glance = Parameters<typeof headline>[0];
const version = (metrics: Record<string, number>) => ({ metrics }) as unknown as NonNullable<Glance["champion"]>;

function glance(change: Partial<Glance> = {}): Glance {
  return {
    model: { promotion_rule: null },
    champion: version({ rows: 3, auc: 0.9 }),
    challenger: version({ latency_ms: 20 }),
    stages: [],
    directions: {},
    ...change,
  };
}

it("knows the metrics of every version that is shown", () => {
  expect(metricNames(glance())).toEqual(["auc", "latency_ms", "rows"]);
});

it("takes the rule's metric, then one that has a direction, then the first", () => {
  const rule = { metric: "rows" } as NonNullable<Glance["model"]["promotion_rule"]>;
  expect(headline(glance({ model: { promotion_rule: rule }, directions: { auc: "up" } }))).toBe("rows");
  expect(headline(glance({ directions: { latency_ms: "down" } }))).toBe("latency_ms");
  expect(headline(glance())).toBe("auc");
  expect(headline(glance({ champion: null, challenger: null }))).toBeUndefined();
});
