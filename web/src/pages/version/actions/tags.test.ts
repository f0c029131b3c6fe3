import { expect, it } from "vitest";
import { parseTags, tagLines } from "./tags";

it("reads back the tags that it writes", () => {
  const tags = { team: "risk", url: "a=b", flag: "" };
  expect(parseTags(tagLines(tags))).toEqual({ tags });
  expect(parseTags("team = risk\n\n flag ")).toEqual({ tags: { team: "risk", flag: "" } });
});

it("says what is wrong", () => {
  expect(parseTags("=risk")).toEqual({ fault: "“=risk” has no name before the =." });
  expect(parseTags("a=1\na=2")).toEqual({ fault: "The tag a is there twice." });
});
