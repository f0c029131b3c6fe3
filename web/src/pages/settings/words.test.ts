import { expect, it } from "vitest";
import { classificationInWords, lowers, retentionInWords, ruleInWords } from "./words";

it("tells a rule that asks for a bound, also where lower is better", () => {
  const rule = { metric: "latency", to_stage: "staging", higher_is_better: false, at_least: 40, beats: null };
  expect(ruleInWords(rule)).toBe("A new version moves to staging by itself if latency is at most 40.");
});

it("tells a rule that asks for a better version", () => {
  const rule = {
    metric: "auc",
    to_stage: "production",
    higher_is_better: true,
    at_least: null,
    beats: { stage: "production", by: 0.01 },
  };
  expect(ruleInWords(rule)).toBe(
    "A new version moves to production by itself if its auc is higher than that of the version in production, by at least 0.01.",
  );
});

it("tells each clause of a retention rule", () => {
  expect(retentionInWords({ never_promoted_after_days: 1, archived_after_days: null, keep_last: 3 })).toEqual([
    "A version that never left the first stage is deleted 1 day after it was complete.",
    "The newest 3 versions always stay.",
  ]);
});

it("says who may know the data, and whether it is about people", () => {
  expect(classificationInWords({ classification: "restricted", personal_data: true })).toBe(
    "restricted: few may know it, each by name; it is about people who could be told from it",
  );
  expect(classificationInWords({ classification: "public", personal_data: false })).toBe(
    "public: everybody may know it",
  );
  expect(classificationInWords({ classification: null, personal_data: false })).toMatch(/^unclassified/);
});

it("tells a lower classification, which needs a reason", () => {
  const restricted = { classification: "restricted", personal_data: true } as const;
  const internal = { classification: "internal", personal_data: false } as const;
  const none = { classification: null, personal_data: false } as const;
  expect(lowers(restricted, { ...restricted, personal_data: false })).toBe(true);
  expect(lowers(restricted, { ...internal, personal_data: true })).toBe(true);
  expect(lowers(internal, none)).toBe(true);
  expect(lowers(none, internal)).toBe(false);
  expect(lowers(internal, restricted)).toBe(false);
  expect(lowers(internal, internal)).toBe(false);
});
