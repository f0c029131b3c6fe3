import { expect, it } from "vitest";
import { lastHeard, standingOf } from "./places";
import type { Place } from "./queries";

const SINCE = "2026-11-28T09:00:00.000Z";
const place: Place = {
  model: "churn",
  target: "shop",
  wanted: { version: 3, digest: "aa" },
  serving: { version: 3, digest: "aa", since: SINCE, by: "token:argo" },
  good: null,
  active: null,
  waiting: null,
  last: 2,
  drifting: false,
  seen_at: null,
};

it.each([
  ["as wanted", "met", {}],
  ["as wanted", "met", { serving: { version: 3, digest: null, since: SINCE, by: "a" } }],
  ["not as wanted", "unmet", { serving: { version: 3, digest: "bb", since: SINCE, by: "a" } }],
  ["not as wanted", "unmet", { serving: { version: null, digest: null, since: SINCE, by: "a" } }],
  ["drifts", "unmet", { drifting: true }],
  ["on its way", "waiting", { active: 3, serving: null }],
  ["on its way", "waiting", { active: 3, drifting: true }],
  ["not known", "waiting", { serving: null }],
  ["nothing wanted", "waiting", { wanted: null }],
] as const)("says that a place is %s", (word, state, changes) => {
  expect(standingOf({ ...place, ...changes })).toEqual({ state, word });
});

it("knows when a target was last heard of", () => {
  const later = "2026-11-28T10:00:00.000Z";
  expect(lastHeard([place, { ...place, seen_at: later }, { ...place, seen_at: SINCE }])).toBe(later);
  expect(lastHeard([place])).toBeNull();
});
