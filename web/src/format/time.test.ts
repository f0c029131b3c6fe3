import { describe, expect, it } from "vitest";
import { absolute, lapse, relativeTo } from "./time";

describe("absolute", () => {
  it("shows minutes, with the zone", () => {
    expect(absolute("2026-11-28T09:30:59.123Z", "utc")).toBe("2026-11-28 09:30 UTC");
  });

  it("shows midnight as zero hours", () => {
    expect(absolute("2026-01-01T00:05:00Z", "utc")).toBe("2026-01-01 00:05 UTC");
  });
});

describe("relativeTo", () => {
  const now = new Date("2026-11-28T12:00:00Z");

  it.each([
    ["2026-11-28T11:59:31Z", "just now"],
    ["2026-11-28T12:00:20Z", "in a moment"],
    ["2026-11-28T11:30:00Z", "30 minutes ago"],
    ["2026-11-27T12:00:00Z", "yesterday"],
    ["2026-11-30T12:00:00Z", "in 2 days"],
    ["2025-11-01T12:00:00Z", "last year"],
  ])("says %s as %s", (time, said) => {
    expect(relativeTo(time, now)).toBe(said);
  });
});

it.each([
  ["2026-11-28T12:00:00Z", "0 s"],
  ["2026-11-28T12:00:40Z", "40 s"],
  ["2026-11-28T13:05:30Z", "1 h 5 min"],
  ["2026-11-29T12:30:00Z", "1 d"],
  ["2026-11-28T11:00:00Z", "0 s"],
])("says how long it is until %s: %s", (to, said) => {
  expect(lapse("2026-11-28T12:00:00Z", to)).toBe(said);
});
