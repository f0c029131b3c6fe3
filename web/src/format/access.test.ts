import { expect, it } from "vitest";
import { actionsInWords, grantInWords, modelsInWords } from "./access";

it.each([
  ["*", "all models, and the registry itself"],
  ["fraud", "the model fraud"],
  ["risk-*", "models whose names begin with risk-"],
  ["*-eu", "models whose names end with -eu"],
  ["a*b*c", "models whose names match a*b*c"],
])("says what the pattern %s covers", (pattern, expected) => {
  expect(modelsInWords(pattern)).toBe(expected);
});

it("says what a limited grant covers, which never is the registry", () => {
  expect(grantInWords("*", undefined)).toBe("all models, and the registry itself");
  expect(grantInWords("*", ["public"])).toBe("all models whose data is public, and not about people");
  expect(grantInWords("risk-*", ["internal", "personal_data"])).toBe(
    "models whose names begin with risk- whose data is internal, also if it is about people",
  );
  expect(grantInWords("fraud", ["unclassified"])).toBe("the model fraud whose data is unclassified");
  expect(grantInWords("fraud", ["personal_data"])).toBe(
    "the model fraud whose data is about people and has no level, which is none",
  );
});

it("keeps actions of a newer registry by their names", () => {
  expect(actionsInWords(["teleport", "comment", "read"])).toBe("read everything but the files; comment; teleport");
});
