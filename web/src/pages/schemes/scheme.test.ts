import { expect, it } from "vitest";
import { layOut } from "./layout";
import { schemeInLines } from "./lines";
import { evidenceInWords, scanningInWords } from "./safeguards";
import { approvalsInWords, gateInWords, modelsInWords, readScheme } from "./scheme";

const DOCUMENT = {
  initial: "development",
  archive: "archived",
  stages: [{ name: "development" }, { name: "production", exclusive: true, on_enter: { aliases: ["champion"] } }],
  transitions: [{ from: ["development", "archived"], to: "production", gates: [{ name: "scan", kind: "scan" }] }],
};

it("makes a move of each stage that a transition begins at", () => {
  const { moves, rollback } = readScheme(DOCUMENT);
  expect(moves.map(({ from, to }) => `${from} ${to}`)).toEqual(["development production", "archived production"]);
  expect(rollback).toEqual({ allowed: true, reasonRequired: false, gates: [] });
});

it.each([
  [{ kind: "metric", metric: "auc", at_least: 0.9, at_most: 1 }, "auc is at least 0.9 and at most 1"],
  [{ kind: "attestation" }, "the version has SLSA provenance that a trusted signer signed"],
  [
    { kind: "attestation", signers: ["ci", "release"], builders: ["https://ci"], repositories: ["r"], whole: false },
    "some of the files have SLSA provenance that ci or release signed, built by https://ci, from r",
  ],
  [
    { kind: "compare", metric: "latency", stage: "production", by: 2, higher_is_better: false, if_absent: "fail" },
    "latency is lower than that of the version in production by at least 2; there must be one",
  ],
  [
    { kind: "better", evaluation: "holdout", metric: "auc", alias: "champion", by: 0.01 },
    "auc of the evaluation holdout is higher than that of @champion by more than 0.01, beyond chance and on the same data",
  ],
  [
    { kind: "better", evaluation: "holdout", metric: "auc", stage: "production", margin: 0.01, if_absent: "fail" },
    "auc of the evaluation holdout is not worse than that of the version in production by 0.01, beyond chance and on the same data; there must be one",
  ],
  [
    {
      kind: "fairness",
      evaluation: "holdout",
      rate: "true_positive_rate",
      across: ["sex"],
      max_gap: 0.1,
      min_ratio: 0.8,
    },
    "true positive rate is alike in all groups by sex of the evaluation holdout: a gap of at most 0.1 and a ratio of at least 0.8",
  ],
  [
    { kind: "licenses", allow: ["MIT"], deny: ["AGPL-*"], review: ["LicenseRef-*"], check: "legal" },
    "the licences of the model and of what it was made from are allowed among MIT, none of AGPL-*, and each of them is known; what is for review is allowed by the check legal",
  ],
  [{ kind: "formats", deny: ["pickle", "joblib"] }, "the files have none of the formats pickle and joblib"],
  [
    { kind: "fresh", evaluation: "holdout", max_age_days: 30, dataset: "may" },
    "the evaluation holdout was measured on may, not more than 30 days ago",
  ],
  [
    { kind: "vulnerabilities", max_severity: "medium", max_age_days: 7, unpinned: "fail" },
    "no vulnerability is worse than medium, unless a statement lifts it, by advisories of the last 7 days, and every requirement is pinned",
  ],
  [{ kind: "signature", signers: ["ci", "vendor-*"] }, "the files are signed by ci or vendor-*"],
  [{ kind: "signature", signers: ["ci"], registry: true }, "the files are signed by the registry or ci"],
  [{ kind: "fresh", check: "bias", max_age_days: 1 }, "the check bias was reported, not more than 1 day ago"],
  [
    { kind: "documentation", sections: ["factors"], independent: true },
    "the card says at least 1 character on factors, in the words of somebody who did not register the version",
  ],
  [{ kind: "scan" }, "the registry’s scan of the files found what the scheme lets out of quarantine"],
  [
    { kind: "scan", verdicts: ["clean", "review"], max_age_days: 30 },
    "the registry’s scan of the files found them clean or review, not more than 30 days ago",
  ],
  [
    { kind: "monitor", monitor: "inputs", for_hours: 24 },
    "the monitor inputs finds the version well, for 24 hours at least",
  ],
  [{ kind: "check", check: "fairness", max_age_days: 1 }, "the check fairness passed, not more than 1 day ago"],
  [
    { kind: "check", check: "ci", reporters: ["token:ci", "oidc:*"], open_on: "arrival", if_pending: "last" },
    "the check ci passed, reported by token:ci or oidc:*; opened when a version arrives; while it is pending, its last result counts",
  ],
  [
    { kind: "documentation", sections: ["intended_use", "factors"], min_characters: 40 },
    "the card says at least 40 characters on intended use and factors",
  ],
  [
    { kind: "evaluation", evaluation: "holdout", metric: "auc", at_least: 0.9 },
    "the evaluation holdout was recorded, and its auc is at least 0.9",
  ],
  [{ kind: "horoscope" }, "a gate of the kind horoscope, which this page does not know"],
])("puts the gate %o in words", (gate, words) => {
  expect(gateInWords({ name: "gate", ...gate })).toBe(words);
});

it("says which models a gate is for", () => {
  const gate = { name: "privacy", kind: "check", check: "privacy" };
  expect(modelsInWords(gate)).toBe("");
  expect(modelsInWords({ ...gate, tiers: ["high"], classifications: ["restricted", "personal_data"] })).toBe(
    ", for models of high risk, for models whose data is restricted or personal data",
  );
});

it("says what leaves quarantine, and which stages take what is in it", () => {
  const { stages } = readScheme({ ...DOCUMENT, stages: [...DOCUMENT.stages, { name: "lab", quarantined: true }] });
  expect(stages.map(({ name, quarantined }) => [name, quarantined])).toEqual([
    ["development", true],
    ["production", false],
    ["lab", true],
  ]);
  expect(scanningInWords(readScheme(DOCUMENT))).toMatch(
    /^A version leaves quarantine if each of its files is clean or unscanned\. /,
  );
  const strict = readScheme({
    ...DOCUMENT,
    scanning: { allow: ["clean", "unscanned"], unscanned_suffixes: [".md", ""] },
  });
  expect(scanningInWords(strict)).toContain(
    "is clean or unscanned; the names of unscanned files must end in .md or have no ending.",
  );
});

it("says whose reports count", () => {
  const { evidence } = readScheme({
    ...DOCUMENT,
    evidence: [
      { checks: ["bias"], evaluations: ["holdout"], independent: true, tiers: ["high"] },
      {
        checks: ["ci"],
        reporters: [{ roles: ["validator"], claims: { ref: ["refs/heads/main"] } }, { principals: ["token:ci"] }],
      },
    ],
  });
  expect(evidence.map(evidenceInWords)).toEqual([
    "Of the checks bias and the evaluations holdout, reports count of everybody who may report, but nobody who registered the version or made its bytes, for models of high risk.",
    "Of the checks ci, reports count of those with the role validator and whose claim ref is like refs/heads/main, or those whose name is like token:ci.",
  ]);
});

it("says who must approve", () => {
  expect(approvalsInWords({ count: 2, roles: ["reviewer", "admin"], tiers: ["high"] })).toBe(
    "2 people with the role reviewer or admin, for models of high risk",
  );
  expect(approvalsInWords({ count: 1 })).toBe("1 person who may approve");
});

it("writes a scheme as lines that can be compared", () => {
  expect(schemeInLines(readScheme(DOCUMENT))).toContain(
    "Stage production: one version at a time, sets @champion\n\ndevelopment → production: By a person, at once.\n    gate scan:",
  );
});

it("lays stages out from left to right, with moves back below", () => {
  const { nodes, arcs, height } = layOut(
    ["a", "b", "c"],
    [
      { from: "a", to: "b" },
      { from: "a", to: "c" },
      { from: "c", to: "a" },
      { from: "b", to: "gone" },
    ],
  );
  expect(nodes.map(({ x }) => x)).toEqual([...nodes.map(({ x }) => x)].sort((one, other) => one - other));
  expect(arcs).toHaveLength(3);
  const [, forward, back] = arcs;
  const row = nodes[0]?.y ?? 0;
  expect(forward?.label.y).toBeLessThan(row);
  expect(back?.label.y).toBeGreaterThan(row);
  expect(back?.label.y).toBeLessThan(height);
});
