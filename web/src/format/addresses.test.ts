import { expect, it } from "vitest";
import { webAddress } from "./addresses";

it("follows only pages of the web", () => {
  expect(webAddress("https://ci.example.com/runs/42")).toBe("https://ci.example.com/runs/42");
  expect(webAddress("javascript:alert(1)")).toBeNull();
  expect(webAddress("//ci.example.com")).toBeNull();
  expect(webAddress(null)).toBeNull();
});
