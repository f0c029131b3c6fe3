import { expect, it } from "vitest";
import { grantsRefusal, withWord } from "./limits";
import type { Grant } from "./queries";

const GRANT: Grant = { role: "contributor", models: "*" };

it("names each word of a limit once, and takes it back", () => {
  const one = withWord(withWord(GRANT, "public", true), "public", true);
  expect(one.classifications).toEqual(["public"]);
  expect(withWord(withWord(one, "unclassified", true), "public", false).classifications).toEqual(["unclassified"]);
});

it.each([
  [undefined, undefined],
  [null, undefined],
  [["unclassified" as const], undefined],
  [["restricted" as const, "personal_data" as const], undefined],
  [[], "Choose the classifications that a grant is limited to."],
  [["personal_data" as const], "Choose the classifications that a grant is limited to."],
])("says of a grant that is limited to %j: %s", (classifications, said) => {
  const grant = classifications === undefined ? GRANT : { ...GRANT, classifications };
  expect(grantsRefusal([GRANT, grant])).toBe(said);
});

it("wants a grant", () => {
  expect(grantsRefusal([])).toBe("Add a grant first.");
});
