import { expect, it } from "vitest";
import { matches, may } from "./useSession";

it.each([
  ["*", "anything", true],
  ["fraud", "fraud", true],
  ["fraud", "fraud2", false],
  ["risk-*", "risk-eu", true],
  ["risk-*", "a-risk-eu", false],
  ["*-eu", "risk-eu", true],
  ["a*b*c", "a-b-b-c", true],
  ["a*a", "a", false],
  ["*x*", "yxy", true],
])("the pattern %s on %s: %s", (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected);
});

it("takes no grant that is limited to classifications for one on the registry", () => {
  const grants = [{ role: "admin", models: "*", classifications: ["public" as const], actions: ["administer"] }];
  expect(may({ principal: "token:ana", grants }, "administer")).toBe(false);
  expect(may({ principal: "token:ana", grants }, "administer", "abc")).toBe(true);
});

it("asks for a grant on all models where the action is on the registry", () => {
  const caller = { principal: "token:ana", grants: [{ role: "admin", models: "a*", actions: ["administer"] }] };
  expect(may(caller, "administer")).toBe(false);
  expect(may(caller, "administer", "abc")).toBe(true);
});
