import { expect, it } from "vitest";
import { isGrave, type LedgerEvent, milestonesOf, reachBack, stepsOf } from "./steps";

function event(sequence: number, type: string, version: number | null, after: Record<string, unknown> | null = null) {
  return { sequence, type, version, before: null, after, time: `2026-11-28T09:0${sequence}:00.000Z` } as LedgerEvent;
}

const NEWEST_FIRST = [
  event(9, "deployment.drifted", 3, { target: "shop" }),
  event(8, "deployment.succeeded", 3, { target: "shop" }),
  event(7, "version.transitioned", 3, { stage: "production", displaced: 1 }),
  event(6, "version.updated", 3),
  event(5, "comment.created", 3),
  event(4, "check.reported", 3, { passed: false }),
  event(3, "version.ready", 3),
  event(2, "version.created", 3),
  event(1, "version.created", 1),
];

it("takes the steps of one version in their order", () => {
  expect(stepsOf(NEWEST_FIRST, 3).map(({ sequence }) => sequence)).toEqual([2, 3, 4, 7, 8, 9]);
});

it("counts it as a step of a version that another takes its place", () => {
  expect(stepsOf(NEWEST_FIRST, 1).map(({ sequence }) => sequence)).toEqual([1, 7]);
});

it("knows whether it has seen where a version began", () => {
  expect(reachBack(NEWEST_FIRST, 3)).toBe(true);
  expect(reachBack(NEWEST_FIRST.slice(0, 7), 3)).toBe(false);
});

it("knows when a version came how far for the first time", () => {
  const again = [...stepsOf(NEWEST_FIRST, 3), event(9, "deployment.succeeded", 3, { target: "shop" })];
  expect(milestonesOf(again, 3)).toEqual([
    { name: "Registered", at: "2026-11-28T09:02:00.000Z" },
    { name: "Complete", at: "2026-11-28T09:03:00.000Z" },
    { name: "In production", at: "2026-11-28T09:07:00.000Z" },
    { name: "On shop", at: "2026-11-28T09:08:00.000Z" },
  ]);
  expect(milestonesOf(stepsOf(NEWEST_FIRST, 1), 1).map(({ name }) => name)).toEqual(["Registered"]);
});

it("marks what went wrong", () => {
  expect(NEWEST_FIRST.filter(isGrave).map(({ sequence }) => sequence)).toEqual([9, 4]);
});

it("tells of scans, quarantine, vulnerabilities and monitors, which can keep a version from serving", () => {
  const events = [
    event(6, "monitor.alarmed", 3),
    event(5, "vulnerability.found", 3),
    event(4, "vulnerability.matched", 3),
    event(3, "quarantine.released", 3),
    event(2, "scan.finished", 3, { allowed: false }),
    event(1, "scan.finished", 3, { allowed: true }),
  ];
  expect(stepsOf(events, 3).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 5, 6]);
  expect(events.filter(isGrave).map(({ sequence }) => sequence)).toEqual([6, 5, 3, 2]);
});
