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
  expect(grantInWords("*", ["public"])).toBe("all models that are classified as nothing but public");
  expect(grantInWords("risk-*", ["internal", "personal_data"])).toBe(
    "models whose names begin with risk- that are classified as nothing but internal or personal data",
  );
});

it("keeps actions of a newer registry by their names", () => {
  expect(actionsInWords(["teleport", "comment", "read"])).toBe("read everything but the files; comment; teleport");
});
