import { expect, it } from "vitest";
import { otherTags, parseTags, tagLines, tagsHint } from "./tags";

it("reads back the tags that it writes", () => {
  const tags = { team: "risk", url: "a=b", flag: "" };
  expect(parseTags(tagLines(tags))).toEqual({ tags });
  expect(parseTags("team = risk\n\n flag ")).toEqual({ tags: { team: "risk", flag: "" } });
});

it("leaves out what no line can hold", () => {
  const others = { note: "Two\nlines", "a=b": "c", padded: " x" };
  const tags = { team: "risk", ...others };
  expect(tagLines(tags)).toBe("team=risk");
  expect(otherTags(tags)).toEqual(others);
  expect(tagsHint(tags)).toContain("3 other tags that no line can hold will stay.");
  expect(tagsHint({ team: "risk" })).toBe("One name=value a line. What you leave out is removed.");
});

it("says what is wrong", () => {
  expect(parseTags("=risk")).toEqual({ fault: "“=risk” has no name before the =." });
  expect(parseTags("a=1\na=2")).toEqual({ fault: "The tag a is there twice." });
});
