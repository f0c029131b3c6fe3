import { describe, expect, it } from "vitest";
import { fieldOf, listedFields, quoted, written, writtenList } from "./fields";

describe("listedFields", () => {
  it.each([
    "metrics.auc,parameters.depth,stage",
    "tags.`cost center`,metrics.`a,b`",
    "metrics.`größe`",
    "metrics.data/auc-2.x",
  ])("reads what writtenList writes: %s", (text) => {
    expect(writtenList(listedFields(text))).toBe(text);
  });

  it("leaves out what names no field", () => {
    expect(listedFields(",,tags.,-x,stage")).toEqual([
      { name: "tags", key: "" },
      { name: "stage", key: null },
    ]);
  });
});

it("puts unusual keys in backticks", () => {
  expect(written({ name: "tags", key: "cost center" })).toBe("tags.`cost center`");
  expect(fieldOf("tags.`cost center`")).toEqual({ name: "tags", key: "cost center" });
});

it("doubles a quote inside a text", () => {
  expect(quoted("it's")).toBe("'it''s'");
});
