import { many } from "./words";

/** What an event's sentence needs to know of it. */
export interface Told {
  type: string;
  version: number | null;
  alias: string | null;
  subject: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

type Tell = (event: Told) => string;

const version: Tell = ({ version: number }) => (number === null ? "a version" : `version ${number}`);
const subject: Tell = ({ subject: id }) => id ?? "";
const value = (fields: Record<string, unknown> | null, name: string): string => {
  const found = fields?.[name];
  return typeof found === "string" || typeof found === "number" ? String(found) : "";
};
/** A token's or webhook's name where the event has one, else its id. */
const called: Tell = (event) => value(event.after, "name") || value(event.before, "name") || subject(event);
const displaced: Tell = ({ after }) => {
  const number = value(after, "displaced");
  return number === "" ? "" : `, in place of version ${number}`;
};

const RESULTS = new Map<unknown, string>([
  [true, ": passed"],
  [false, ": failed"],
]);
const result: Tell = ({ after }) => RESULTS.get(after?.passed) ?? "";

const VOTES: Record<string, string> = { approve: "approved", reject: "rejected" };

/** `deployment 4 of version 3 on shop`. */
const deployment: Tell = (event) =>
  `deployment ${subject(event)} of ${version(event)} on ${value(event.after, "target") || "a target"}`;

const opened: Tell = (event) => {
  const waitedFor = value(event.before, "waits_for");
  if (waitedFor !== "") {
    return `gave ${deployment(event)} its turn, after deployment ${waitedFor}`;
  }
  const rollsBack = value(event.after, "rolls_back");
  const attempt = Number(value(event.after, "attempt"));
  return `${attempt > 1 ? "tried again" : "opened"} ${deployment(event)}${
    rollsBack === "" ? "" : ` in place of deployment ${rollsBack}`
  }`;
};

/** What a target serves that drifts. */
function served(after: Record<string, unknown> | null): string {
  const number = value(after, "serving");
  if (number === "") {
    return "no version";
  }
  return number === value(after, "wanted") ? "other bytes" : `version ${number}`;
}

/** Which vulnerabilities an event names: `CVE-1`, or `CVE-1 and 2 other vulnerabilities`. */
function vulnerabilities(fields: Record<string, unknown> | null): string {
  const [first] = Array.isArray(fields?.ids) ? (fields.ids as unknown[]) : [];
  const others = Number(value(fields, "count")) - 1;
  if (typeof first !== "string") {
    return "vulnerabilities";
  }
  return others > 0 ? `${first} and ${many(others, "other vulnerability", "other vulnerabilities")}` : first;
}

/** The verdict of a scan, and whether it keeps the version in quarantine. */
const scanned: Tell = ({ after }) => {
  const verdict = value(after, "verdict");
  const held = after?.allowed === false ? ", in quarantine" : "";
  return verdict === "" ? ", without a verdict" : `: ${verdict}${held}`;
};

const judged: Tell = ({ after }) => value(after, "verdict") || "another verdict";
const worst: Tell = ({ after }) => {
  const name = value(after, "worst");
  return name === "" ? "" : `: ${name}`;
};

/** What somebody did, after their name. */
const SENTENCES: Record<string, Tell> = {
  "model.created": ({ after }) =>
    value(after, "renamed_from") === ""
      ? "created the model"
      : `renamed the model from ${value(after, "renamed_from")}`,
  "model.updated": ({ after }) => `changed the model's ${Object.keys(after ?? {}).join(", ") || "description"}`,
  "model.deleted": () => "deleted the model",
  "model.rule_set": () => "set the promotion rule",
  "model.rule_cleared": () => "removed the promotion rule",
  "model.frozen": () => "froze the model",
  "model.unfrozen": () => "lifted the freeze",
  "model.retention_set": () => "set the retention rule",
  "model.retention_cleared": () => "removed the retention rule",
  "model.state_differs": () => "found that what is stored differs from what the events tell",
  "registry.state_differs": () => "found that what is stored differs from what the events tell",
  "model.scheme_assigned": () => "gave the model a scheme",
  "model.tier_set": ({ after }) => `set the risk tier to ${value(after, "tier")}`,
  "version.created": (event) => `registered ${version(event)}`,
  "version.ready": (event) => `completed ${version(event)}`,
  "version.updated": (event) => `changed ${version(event)}`,
  "version.transitioned": (event) =>
    `moved ${version(event)} from ${value(event.before, "stage")} to ${value(event.after, "stage")}${displaced(event)}`,
  "version.locked": (event) => `locked ${version(event)}`,
  "version.unlocked": (event) => `lifted the lock of ${version(event)}`,
  "version.held": (event) => `put ${version(event)} under legal hold`,
  "version.released": (event) => `released the legal hold of ${version(event)}`,
  "version.expired": (event) => `expired ${version(event)}, whose files were not complete`,
  "version.deleted": (event) => `deleted ${version(event)}`,
  "version.restored": (event) => `restored ${version(event)}`,
  "version.purge_started": (event) => `began to remove the bytes of ${version(event)}`,
  "version.purged": (event) => `removed the bytes of ${version(event)}`,
  "alias.set": (event) => `pointed @${event.alias} at version ${value(event.after, "version") || event.version}`,
  "alias.deleted": ({ alias }) => `deleted the alias @${alias}`,
  "alias.protected": ({ alias }) => `protected the alias @${alias}`,
  "alias.unprotected": ({ alias }) => `ended the protection of the alias @${alias}`,
  "challenger.promoted": () => "made the challenger the champion",
  "challenger.retired": () => "retired the challenger",
  "request.opened": (event) => `asked for a move of ${version(event)} (request ${subject(event)})`,
  "request.voted": (event) => `${VOTES[value(event.after, "vote")] ?? "voted on"} request ${subject(event)}`,
  "request.votes_voided": (event) =>
    `voided votes on request ${subject(event)}, because what they were given for changed`,
  "request.withdrawn": (event) => `withdrew request ${subject(event)}`,
  "request.expired": (event) => `expired request ${subject(event)}`,
  "request.reminded": (event) => `reminded of request ${subject(event)}`,
  "scheme.saved": (event) => `saved the scheme ${subject(event)}`,
  "scheme.default_set": ({ after }) => `made ${value(after, "name") || "another scheme"} the scheme of new models`,
  "card.updated": ({ after }) => `wrote revision ${value(after, "revision")} of the card`,
  "comment.created": () => "commented",
  "comment.updated": () => "edited a comment",
  "comment.deleted": () => "deleted a comment",
  "check.opened": (event) => `opened the check ${value(event.after, "check")} of ${version(event)}`,
  "check.extended": (event) => `extended the pending check ${value(event.after, "check")} of ${version(event)}`,
  "check.reported": (event) => `reported the check ${value(event.after, "check")} of ${version(event)}${result(event)}`,
  "check.withdrawn": (event) => `withdrew the check ${value(event.before, "check")} of ${version(event)}`,
  "attestation.recorded": (event) =>
    `recorded the attestation ${value(event.after, "attestation")} of ${version(event)}`,
  "attestation.withdrawn": (event) =>
    `withdrew the attestation ${value(event.before, "attestation")} of ${version(event)}`,
  "scan.requested": (event) => `asked for a scan of ${version(event)}`,
  "scan.finished": (event) => `scanned ${version(event)}${scanned(event)}`,
  "quarantine.released": (event) => `released ${version(event)} from quarantine`,
  "quarantine.restored": (event) => `put ${version(event)} back into quarantine`,
  "vulnerability.found": (event) => `found ${vulnerabilities(event.after)} of ${version(event)}`,
  "vulnerability.resolved": (event) => `found ${vulnerabilities(event.before)} of ${version(event)} resolved`,
  "vulnerability.matched": (event) => `matched ${version(event)} against newer advisories`,
  "vulnerability.stated": (event) =>
    `stated of ${value(event.after, "id")} in ${version(event)}: ${value(event.after, "status").replaceAll("_", " ")}`,
  "vulnerability.unstated": (event) => `took back what was stated of ${value(event.before, "id")} in ${version(event)}`,
  "version.signed": (event) => `recorded the signature ${value(event.after, "signature")} of ${version(event)}`,
  "signer.saved": (event) => `trusted the signer ${subject(event)}`,
  "signer.deleted": (event) => `ended the trust in the signer ${subject(event)}`,
  "evidence_file.attached": (event) =>
    `attached ${value(event.after, "evidence_file")} to ${version(event)} as evidence`,
  "evidence_file.withdrawn": (event) =>
    `withdrew ${value(event.before, "evidence_file")} from the evidence of ${version(event)}`,
  "evaluation.recorded": (event) => `recorded the evaluation ${value(event.after, "evaluation")} of ${version(event)}`,
  "evaluation.withdrawn": (event) =>
    `withdrew the evaluation ${value(event.before, "evaluation")} of ${version(event)}`,
  "token.created": (event) => `created the token ${called(event)}`,
  "token.rotated": (event) => `rotated the token ${called(event)}`,
  "token.revoked": (event) => `revoked the token ${called(event)}`,
  "session.ended": ({ before }) => `ended a session of ${value(before, "principal") || "somebody"}`,
  "role.set": (event) => `set the role ${subject(event)}`,
  "role.deleted": (event) => `deleted the role ${subject(event)}`,
  "grant.set": (event) => `set the grants of ${value(event.after, "subject") || subject(event)}`,
  "grant.deleted": (event) => `removed the grants of ${value(event.before, "subject") || subject(event)}`,
  "trust.set": (event) => `set the trust ${subject(event)}`,
  "trust.deleted": (event) => `deleted the trust ${subject(event)}`,
  "webhook.created": (event) => `created the webhook for ${value(event.after, "url") || subject(event)}`,
  "webhook.updated": (event) => `changed the webhook ${subject(event)}`,
  "webhook.deleted": (event) => `deleted the webhook for ${value(event.before, "url") || subject(event)}`,
  "webhook.disabled": (event) => `disabled the webhook ${subject(event)}`,
  "target.created": (event) => `created the target ${subject(event)}`,
  "target.updated": (event) => `changed the target ${subject(event)}`,
  "target.deleted": (event) => `deleted the target ${subject(event)}`,
  "deployment.opened": opened,
  "deployment.started": (event) => `began ${deployment(event)}`,
  "deployment.succeeded": (event) => `reported that ${deployment(event)} succeeded`,
  "deployment.failed": (event) => `reported that ${deployment(event)} failed`,
  "deployment.rolled_back": (event) => `reported that ${deployment(event)} was rolled back`,
  "deployment.superseded": (event) =>
    `superseded ${deployment(event)} by deployment ${value(event.after, "superseded_by")}`,
  "deployment.withdrawn": ({ before }) => `took the model off the target ${value(before, "target")}`,
  "deployment.drifted": ({ after }) =>
    `found that ${value(after, "target")} serves ${served(after)} instead of version ${value(after, "wanted")}`,
  "deployment.agreed": ({ after }) =>
    `found that ${value(after, "target")} serves version ${value(after, "wanted")}, as wanted`,
  "monitor.created": (event) => `created the monitor ${subject(event)}`,
  "monitor.updated": (event) => `changed the monitor ${subject(event)}`,
  "monitor.deleted": (event) => `deleted the monitor ${subject(event)}`,
  "monitor.judged": (event) => `found with the monitor ${subject(event)} that ${version(event)} is at ${judged(event)}`,
  "monitor.alarmed": (event) =>
    `raised the alarm of the monitor ${subject(event)} about ${version(event)}${worst(event)}`,
  "monitor.recovered": (event) => `ended the alarm of the monitor ${subject(event)} about ${version(event)}`,
  "monitor.silent": (event) => `heard nothing for the monitor ${subject(event)} about ${version(event)}`,
  "monitor.acted": (event) => `acted on the monitor ${subject(event)}`,
  "statement.signed": (event) => `signed what a move of ${version(event)} was`,
  "lineage.stated": (event) => `stated what ${version(event)} comes from`,
  "lineage.unstated": (event) => `took back what was stated of ${version(event)}`,
  "advisories.updated": ({ after }) => `brought ${value(after, "advisories")} advisories`,
  "registry.lineage_stated": () => "stated what a run, a job or a dataset comes from",
  "registry.lineage_unstated": () => "took back what a run, a job or a dataset comes from",
  "schedule.created": (event) => `created the schedule ${subject(event)}`,
  "schedule.updated": (event) => `changed the schedule ${subject(event)}`,
  "schedule.deleted": (event) => `deleted the schedule ${subject(event)}`,
  "schedule.fired": (event) => `fired the schedule ${subject(event)}`,
  "schedule.finished": (event) => `went through the models of the schedule ${subject(event)}`,
};

/** What happened, as a sentence that follows the actor's name. An event of a newer registry is told by its type. */
export function told(event: Told): string {
  return SENTENCES[event.type]?.(event).trim() ?? event.type;
}
