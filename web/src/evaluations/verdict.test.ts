import { expect, it } from "vitest";
import { type Comparison, groundsOf, toneOf, type Verdict, verdictsOf } from "./verdict";

const better: Verdict = {
  verdict: "better",
  difference: 0.012,
  interval: { low: 0.002, high: 0.022, level: 0.95, method: "newcombe" },
};

it("says how much better, and how sure that is", () => {
  expect(groundsOf(better)).toBe("+0.012, 95 % from +0.002 to +0.022");
  expect(toneOf(better)).toBe("met");
});

it("says why nothing can be said", () => {
  const other: Verdict = { verdict: "measured on different data", reason: "the digests of the two datasets differ" };
  expect(groundsOf(other)).toBe("the digests of the two datasets differ");
  expect(toneOf(other)).toBe("open");
});

it("finds the verdicts of an evaluation by metric", () => {
  const comparison = {
    evaluations: [
      {
        name: "holdout",
        metrics: [
          { name: "auc", values: [0.92, 0.932], differences: [0, 0.012], verdicts: [null, better] },
          { name: "rows", values: [1, 1], differences: [0, 0] },
        ],
      },
    ],
  } as unknown as Comparison;
  expect([...verdictsOf(comparison, "holdout")]).toEqual([["auc", better]]);
  expect(verdictsOf(comparison, "shadow").size).toBe(0);
  expect(verdictsOf(undefined, "holdout").size).toBe(0);
});
