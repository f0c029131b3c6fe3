import { expect, it } from "vitest";
import { fieldsShown, fieldsText, selection, toggled } from "./chosen";

it("keeps a choice of no columns apart from no choice", () => {
  expect(fieldsShown(fieldsText([]), undefined, [])).toEqual([]);
  expect(fieldsShown(undefined, undefined, []).map(({ name }) => name)).toEqual(["created_at", "created_by"]);
});

it("selects and takes back", () => {
  expect(toggled(selection("3,7"), 5)).toBe("3,7,5");
  expect(toggled(selection("3,7"), 3)).toBe("7");
});

it("ignores what is no number of a version", () => {
  expect(selection("3,x,-1,3,2.5,")).toEqual([3]);
  expect(selection(undefined)).toEqual([]);
});
