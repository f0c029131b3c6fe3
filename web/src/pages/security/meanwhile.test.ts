import { expect, it } from "vitest";
import type { Scan } from "../../scanning/clearance";
import { meanwhile } from "./meanwhile";

const SCAN: Scan = {
  state: "failed",
  verdict: null,
  allowed: false,
  summary: "",
  ruleset: 0,
  requested_at: "2026-11-29T07:00:00Z",
  finished_at: "2026-11-29T07:01:00Z",
  release: null,
  cut_off: 0,
};

it("says what holds while a version is scanned", () => {
  expect(meanwhile(null)).toMatch(/given out as before/);
  expect(meanwhile({ ...SCAN, state: "done", verdict: "review" })).toMatch(/the last one holds/);
});

it("promises no verdict of a scan that failed", () => {
  expect(meanwhile(SCAN)).toMatch(/nobody can download it/);
});
