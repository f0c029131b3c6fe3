import { expect, it } from "vitest";
import { badgeOf, type Clearance, clearanceOf, type Scan, scanInterval, standingOf } from "./clearance";

const NOW = new Date("2026-11-29T08:00:00Z");
const SOON = "2026-11-29T08:00:01Z";
const UNSAFE: Clearance = {
  state: "done",
  verdict: "unsafe",
  allowed: false,
  summary: "model.pkl: it imports os.system.",
  released_until: null,
};

it("gives out what is allowed, also while it is scanned again, but never after a failed scan", () => {
  expect(standingOf({ ...UNSAFE, verdict: "clean", allowed: true }, NOW)).toBe("open");
  expect(standingOf({ ...UNSAFE, verdict: "clean", allowed: true, state: "pending" }, NOW)).toBe("open");
  expect(standingOf({ ...UNSAFE, verdict: "clean", allowed: true, state: "failed" }, NOW)).toBe("failed");
});

it("gives out what is released until the release ends", () => {
  expect(standingOf({ ...UNSAFE, released_until: SOON }, NOW)).toBe("released");
  expect(standingOf({ ...UNSAFE, released_until: SOON }, new Date(SOON))).toBe("quarantined");
  expect(standingOf({ ...UNSAFE, state: "failed", released_until: SOON }, NOW)).toBe("released");
});

it("takes the end of a release from the scan of a version", () => {
  const scan: Scan = {
    ...UNSAFE,
    requested_at: "2026-11-29T07:00:00Z",
    finished_at: null,
    ruleset: 1,
    cut_off: 0,
    release: { at: "2026-11-29T07:30:00Z", by: "token:ada", reason: "Looked at.", expires_at: SOON },
  };
  expect(clearanceOf(scan)?.released_until).toBe(SOON);
  expect(clearanceOf({ ...scan, release: null })?.released_until).toBeNull();
  expect(clearanceOf(null)).toBeNull();
});

it("says what was found, and that nobody gets it", () => {
  expect(badgeOf(UNSAFE, NOW)).toEqual({ tone: "bad", words: "quarantined: unsafe" });
  expect(badgeOf({ ...UNSAFE, released_until: SOON }, NOW)).toEqual({ tone: "warn", words: "unsafe, released" });
  expect(badgeOf({ ...UNSAFE, verdict: null, state: "pending" }, NOW).words).toBe("being scanned");
  expect(badgeOf({ ...UNSAFE, verdict: null, state: "failed" }, NOW).words).toBe("quarantined: scan failed");
  expect(badgeOf({ ...UNSAFE, verdict: "clean", allowed: true }, NOW)).toEqual({ tone: "good", words: "clean" });
  expect(badgeOf({ ...UNSAFE, verdict: "review", allowed: true }, NOW).tone).toBe("warn");
});

it("looks again only while a scan is pending", () => {
  expect(scanInterval({ state: "pending" })).toBeGreaterThan(0);
  expect(scanInterval({ state: "done" })).toBe(false);
  expect(scanInterval(null)).toBe(false);
});
