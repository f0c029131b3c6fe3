import { expect, it } from "vitest";
import { chosen, fault } from "./chosen";

it("puts the base first", () => {
  expect(chosen("3, 7,@champion,3", "@champion")).toEqual(["@champion", "3", "7"]);
  expect(chosen("3,7", "9")).toEqual(["3", "7"]);
  expect(chosen(undefined, undefined)).toEqual([]);
});

it.each([
  [["3"], "Name two to five versions."],
  [["1", "2", "3", "4", "5", "6"], "Name two to five versions."],
  [["3", "seven"], "seven is neither a number nor an @alias."],
  [["3", "@champion"], undefined],
])("says of %j: %s", (refs, said) => {
  expect(fault(refs)).toBe(said);
});
