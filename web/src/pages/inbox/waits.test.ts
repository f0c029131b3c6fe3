import { expect, it } from "vitest";
import { waitsFor } from "./waits";

it("says in words what a request waits for", () => {
  expect(waitsFor(["me", "approvals", "gates"])).toBe("your vote, gates");
  expect(waitsFor(["approvals"])).toBe("approvals");
  expect(waitsFor(["weather"])).toBe("weather");
});
