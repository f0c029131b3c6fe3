import type { Document } from "../../api/documents";

export type Change = Document<"ChangeView">;

/** What one event changed of a version. */
export interface Activity {
  id: string;
  type: string;
  at: string;
  actor: string;
  trigger: string;
  reason: string | null;
  changes: Change[];
}

/** Changes in groups, one for each event. They come with the newest first and those of an event together. */
export function activities(changes: readonly Change[]): Activity[] {
  const found: Activity[] = [];
  for (const change of changes) {
    const last = found.at(-1);
    if (last?.id === change.event_id) {
      last.changes.push(change);
    } else {
      const { event_id: id, type, time: at, actor, trigger, reason } = change;
      found.push({ id, type, at, actor, trigger, reason, changes: [change] });
    }
  }
  return found;
}

const WORDS: Record<string, string> = {
  "version.created": "registered the version",
  "version.ready": "completed the files",
  "version.updated": "edited the version",
  "version.expired": "let the upload expire",
  "version.deleted": "deleted the version",
  "version.restored": "restored the version",
  "version.purge_started": "began to remove the bytes",
  "version.purged": "removed the bytes",
  "version.locked": "locked the version",
  "version.unlocked": "unlocked the version",
  "version.held": "placed a legal hold",
  "version.released": "released the legal hold",
  "alias.set": "pointed an alias here",
  "alias.deleted": "removed an alias",
  "challenger.promoted": "made the challenger the champion",
  "challenger.retired": "retired the challenger",
  "check.opened": "opened a check",
  "check.extended": "extended a pending check",
  "check.reported": "reported a check",
  "check.withdrawn": "withdrew a check",
  "evaluation.recorded": "recorded an evaluation",
  "evaluation.withdrawn": "withdrew an evaluation",
  "attestation.recorded": "recorded an attestation",
  "attestation.withdrawn": "withdrew an attestation",
  "vulnerability.found": "found vulnerabilities",
  "vulnerability.resolved": "found vulnerabilities resolved",
  "vulnerability.matched": "matched the version against newer advisories",
  "vulnerability.stated": "stated how the version stands to a vulnerability",
  "vulnerability.unstated": "took back what was stated of a vulnerability",
  "version.signed": "recorded a signature",
  "scan.requested": "asked for a scan",
  "scan.finished": "scanned the version",
  "quarantine.released": "released the version from quarantine",
  "quarantine.restored": "put the version back into quarantine",
  "request.opened": "opened a request",
  "request.voted": "voted on a request",
  "request.votes_voided": "found votes void",
  "request.withdrawn": "withdrew a request",
  "request.expired": "let a request expire",
  "deployment.opened": "opened a deployment",
  "deployment.started": "began a deployment",
  "deployment.succeeded": "completed a deployment",
  "deployment.failed": "reported a deployment as failed",
  "deployment.rolled_back": "reported a deployment as rolled back",
  "deployment.superseded": "superseded a deployment",
  "deployment.withdrawn": "took the model off a target",
  "deployment.drifted": "found that a target serves something else",
  "deployment.agreed": "found that a target serves the version",
  "monitor.judged": "judged the version with a monitor",
  "monitor.alarmed": "raised the alarm of a monitor",
  "monitor.recovered": "ended the alarm of a monitor",
  "monitor.silent": "heard nothing for a monitor",
  "monitor.acted": "acted on a monitor",
  "statement.signed": "signed what a move of the version was",
  "lineage.stated": "stated what the version comes from",
  "lineage.unstated": "took back what was stated of the version",
  "comment.created": "commented",
  "comment.updated": "changed a comment",
  "comment.deleted": "deleted a comment",
};

/** What happened, after the name of who did it. An event of a newer API is named by its type. */
export function sentenceOf({ type, changes }: Pick<Activity, "type" | "changes">): string {
  const of = (field: string) => changes.find((change) => change.field === field);
  const stage = of("stage");
  if (type === "version.transitioned") {
    return stage === undefined
      ? "moved a version"
      : `moved the version from ${String(stage.before)} to ${String(stage.after)}`;
  }
  const alias = changes.map(({ field }) => /^aliases\/([^/]+)\//.exec(field)?.[1]).find((name) => name !== undefined);
  if (alias !== undefined && type.startsWith("alias.")) {
    const pointer = of(`aliases/${alias}/version`);
    return pointer !== undefined && pointer.after !== pointer.version && pointer.before !== null
      ? `took @${alias} away`
      : `pointed @${alias} here`;
  }
  const check = of("check/check") ?? of("evaluation/evaluation");
  if (check !== undefined && typeof check.after === "string") {
    const passed = of("check/passed")?.after;
    const result = passed === true ? ": passed" : passed === false ? ": failed" : "";
    return `${WORDS[type] ?? type} ${check.after}${result}`;
  }
  return WORDS[type] ?? type;
}

/** A value of a change in a line. */
export function shown(value: unknown): string {
  return value === null || value === undefined ? "—" : typeof value === "string" ? value : JSON.stringify(value);
}
