import { expect, it } from "vitest";
import { rulingsOf } from "./licenses";

function gate(name: string, kind: string, holds = true) {
  return { gate: name, kind, holds, actual: ["MIT"], needed: "licences among MIT", reason: "", awaited: null };
}

it("names a gate on licences once, with every stage that it stands before", () => {
  const open = gate("open", "licenses", false);
  const rulings = rulingsOf([
    { to_stage: "staging", gates: [open, gate("tests", "check")] },
    { to_stage: "production", gates: [open, gate("strict", "licenses")] },
    { to_stage: "archived", gates: [] },
  ]);
  expect(rulings.map(({ gate: { gate: name, holds }, stages }) => [name, holds, stages])).toEqual([
    ["open", false, ["staging", "production"]],
    ["strict", true, ["production"]],
  ]);
});

it("tells gates of the same name apart by what they need", () => {
  const strict = { ...gate("open", "licenses"), needed: "a licence that is known" };
  const moves = [
    { to_stage: "staging", gates: [gate("open", "licenses")] },
    { to_stage: "production", gates: [strict] },
  ];
  expect(rulingsOf(moves)).toHaveLength(2);
});
