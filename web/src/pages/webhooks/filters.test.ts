import { expect, it } from "vitest";
import { entries, filterInWords, narrowingInWords } from "./filters";

it("reads entries from lines and between commas", () => {
  expect(entries("version.*,\n alias.set \n\n")).toEqual(["version.*", "alias.set"]);
  expect(entries(" ")).toEqual([]);
});

it("says what a webhook is sent", () => {
  expect(filterInWords({ events: ["*"], models: ["*"] })).toBe("every event of all models and the registry");
  expect(filterInWords({ events: ["version.*"], models: ["risk-*", "fraud"] })).toBe("version.* of risk-*, fraud");
});

it("says what narrows it further", () => {
  const nothing = { only_stages: [], only_tags: {}, only_fields: [] };
  expect(narrowingInWords(nothing)).toBe("");
  expect(narrowingInWords({ ...nothing, only_tags: { team: "risk", tier: "*" } })).toBe("tagged team=risk and tier=*");
  expect(narrowingInWords({ only_stages: ["staging", "production"], only_tags: {}, only_fields: ["stage"] })).toBe(
    "a version enters staging or production; stage changes",
  );
});
