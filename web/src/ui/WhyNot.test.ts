import { expect, it } from "vitest";
import { standing, unsaid } from "./WhyNot";

it("sums up gates and approvals", () => {
  expect(standing([{ holds: true }, { holds: false }], [{ met: false }])).toBe("1 of 2 gates met · 1 approval missing");
  expect(standing([], [])).toBe("Nothing is asked for this move");
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
