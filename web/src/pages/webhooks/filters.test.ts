import { expect, it } from "vitest";
import { entries, filterInWords } from "./filters";

it("reads entries from lines and between commas", () => {
  expect(entries("version.*,\n alias.set \n\n")).toEqual(["version.*", "alias.set"]);
  expect(entries(" ")).toEqual([]);
});

it("says what a webhook is sent", () => {
  expect(filterInWords({ events: ["*"], models: ["*"] })).toBe("every event of all models and the registry");
  expect(filterInWords({ events: ["version.*"], models: ["risk-*", "fraud"] })).toBe("version.* of risk-*, fraud");
});
