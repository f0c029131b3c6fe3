import { expect, it } from "vitest";
import { changesOf, completeness, heading, textsOf } from "./sections";

it("sends only what changed, and removes what was emptied", () => {
  const before = { introduction: "Hello", metrics: "AUC", factors: "Age" };
  const after = { introduction: "Hello ", metrics: "AUC, F1", factors: " ", intended_use: "" };
  expect(changesOf(before, after)).toEqual({ sections: { metrics: "AUC, F1", factors: null } });
  expect(changesOf(before, { introduction: "" })).toEqual({ fields: { introduction: null } });
});

it("leaves out absent texts", () => {
  expect(textsOf({ sections: { metrics: "AUC", factors: null }, fields: { introduction: null } })).toEqual({
    metrics: "AUC",
  });
});

it("counts only sections that a gate asks for", () => {
  expect(
    completeness([
      { name: "metrics", characters: 40, needed: 40 },
      { name: "factors", characters: 39, needed: 40 },
      { name: "training_data", characters: 0, needed: 0 },
    ]),
  ).toEqual({ asked: 2, met: 1 });
});

it("keeps a section of a newer registry by its name", () => {
  expect(heading("energy_use")).toBe("energy_use");
});
