import { expect, it } from "vitest";
import { parsed } from "./stars";

it("keeps names, and nothing else that may be stored", () => {
  expect(parsed('["fraud", 3, "loans"]')).toEqual(["fraud", "loans"]);
  expect(parsed(null)).toEqual([]);
  expect(parsed("{broken")).toEqual([]);
  expect(parsed('{"fraud": true}')).toEqual([]);
});
