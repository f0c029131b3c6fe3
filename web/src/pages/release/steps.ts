import type { Document } from "../../api/documents";

export type LedgerEvent = Document<"EventView">;

/** The kinds of events that bring a version from registration to serving, or keep it from there. */
const KINDS = [
  "version",
  "scan",
  "quarantine",
  "vulnerability",
  "alias",
  "challenger",
  "check",
  "evaluation",
  "attestation",
  "monitor",
  "request",
  "deployment",
];
/** What is said of a version in passing. */
const BESIDE = ["version.updated", "vulnerability.matched", "request.reminded"];
const GRAVE = [
  "version.locked",
  "version.held",
  "version.deleted",
  "quarantine.released",
  "vulnerability.found",
  "monitor.alarmed",
  "monitor.silent",
  "deployment.failed",
  "deployment.rolled_back",
  "deployment.drifted",
];

/** The steps of a version, the first one first. `events` come as the ledger is read, the newest first. */
export function stepsOf(events: readonly LedgerEvent[], version: number): LedgerEvent[] {
  return events.filter((event) => isStep(event) && concerns(event, version)).reverse();
}

/** Whether events reach back to where the version began, so that no earlier one is about it. */
export function reachBack(events: readonly LedgerEvent[], version: number): boolean {
  return events.some((event) => event.type === "version.created" && event.version === version);
}

/** Whether something went wrong, or is not allowed from then on. */
export function isGrave({ type, after }: LedgerEvent): boolean {
  return (
    GRAVE.includes(type) ||
    (type === "check.reported" && after?.passed === false) ||
    (type === "scan.finished" && after?.allowed === false)
  );
}

function isStep({ type }: LedgerEvent): boolean {
  return KINDS.includes(type.split(".")[0] ?? "") && !BESIDE.includes(type);
}

/** Whether an event is about the version, or about another that took its place. */
function concerns({ version: about, before, after }: LedgerEvent, version: number): boolean {
  return [about, after?.displaced, after?.version, before?.version, before?.champion].includes(version);
}

/** How far a version came, and when. */
export interface Milestone {
  name: string;
  at: string;
}

/** The times at which a version was registered, became complete, came into each stage and into service on each target. */
export function milestonesOf(steps: readonly LedgerEvent[], version: number): Milestone[] {
  const found = new Map<string, string>();
  for (const { type, time, after, version: about } of steps) {
    const name = about === version ? milestoneOf(type, after) : null;
    if (name !== null && !found.has(name)) {
      found.set(name, time);
    }
  }
  return [...found].map(([name, at]) => ({ name, at }));
}

function milestoneOf(type: string, after: LedgerEvent["after"]): string | null {
  switch (type) {
    case "version.created":
      return "Registered";
    case "version.ready":
      return "Complete";
    case "version.transitioned":
      return `In ${String(after?.stage)}`;
    case "deployment.succeeded":
      return `On ${String(after?.target)}`;
    default:
      return null;
  }
}
