import { expect, it } from "vitest";
import { chosen, fault, pairsOf } from "./chosen";

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

it("proposes only versions that there are", () => {
  // Version 8 was deleted.
  const stages = [{ versions: [{ number: 9 }, { number: 7 }] }, { versions: [{ number: 4 }] }];
  const glance = { champion: { number: 4 }, challenger: null, stages };
  expect(pairsOf(glance).map(({ pair }) => pair)).toEqual(["@champion,9", "7,9"]);
  expect(pairsOf({ champion: null, challenger: null, stages: [{ versions: [{ number: 1 }] }] })).toEqual([]);
});
