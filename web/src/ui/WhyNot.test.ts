import { expect, it } from "vitest";
import { markOf, standing, unsaid } from "./WhyNot";

it("sums up gates and approvals", () => {
  const approvals = [
    { count: 2, approved_by: ["token:ada"], met: false },
    { count: 1, approved_by: ["token:ada"], met: true },
  ];
  expect(standing([{ holds: true }, { holds: false }], approvals)).toBe("1 of 2 gates met · 1 approval missing");
  expect(standing([], [])).toBe("Nothing is asked for this move");
});

it("tells a gate that waits for its check from one that does not hold", () => {
  const awaited = { since: "2026-11-28T09:00:00.000Z", until: "2026-11-28T10:00:00.000Z", reporters: [], link: null };
  expect(markOf({ holds: false, awaited })).toBe("waiting");
  expect(markOf({ holds: false, awaited: null })).toBe("unmet");
  expect(markOf({ holds: true, awaited: null })).toBe("met");
});

it("counts every person whose approval is missing", () => {
  const approvals = [
    { count: 2, approved_by: [], met: false },
    { count: 1, approved_by: [], met: false },
  ];
  expect(standing([], approvals)).toBe("3 approvals missing");
});

it("repeats no blocker that a gate or an approval says", () => {
  const blockers = [
    "gate fairness: failed",
    "it takes 1 approval from group risk; approved by nobody yet",
    "it is frozen",
  ];
  expect(unsaid(blockers, [{ gate: "fairness" }], [{ needed: "1 approval from group risk" }])).toEqual([
    "it is frozen",
  ]);
});
