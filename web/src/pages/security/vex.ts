import { daysFrom } from "./days";
import type { Statement, Vulnerability } from "./queries";

export type Status = Statement["status"];

/** What can be stated of a vulnerability, with what it means. */
export const STATUSES: Record<Status, string> = {
  not_affected: "not affected: the version is not vulnerable",
  fixed: "fixed: the version contains a fix",
  affected: "affected: it is what it looks like",
  under_investigation: "under investigation: nobody knows yet",
};

/** The justifications of OpenVEX, then those that CycloneDX adds. They come with `not_affected` only. */
export const JUSTIFICATIONS = [
  "component_not_present",
  "vulnerable_code_not_present",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "inline_mitigations_already_exist",
  "code_not_present",
  "code_not_reachable",
  "requires_configuration",
  "requires_dependency",
  "requires_environment",
  "protected_by_compiler",
  "protected_at_runtime",
  "protected_at_perimeter",
  "protected_by_mitigating_control",
] as const;

/** `vulnerable code not present`. */
export function inWords(name: string): string {
  return name.replaceAll("_", " ");
}

/** The statement about a vulnerability that still stands, by any of its names. One that does not lift it wins. */
export function statementOn(
  { id, aliases }: Pick<Vulnerability, "id" | "aliases">,
  statements: readonly Statement[],
): Statement | undefined {
  const about = statements.filter((one) => one.stands && (one.id === id || aliases.includes(one.id)));
  return about.find(({ status }) => status !== "not_affected" && status !== "fixed") ?? about[0];
}

/** How long a statement stands: so many days from now, `good`, or until its present end (`kept`). */
export type Term = `${number}` | "good" | "kept";

/** The term that a dialog begins with: that of the statement before, as far as it still stands. */
export function termOf(before: Pick<Statement, "expires_at" | "stands"> | undefined): Term {
  if (before === undefined || !before.stands) {
    return "90";
  }
  return before.expires_at === null ? "good" : "kept";
}

/** When a statement with this term expires; undefined: never. */
export function expiryOf(term: Term, before: Pick<Statement, "expires_at"> | undefined, now: Date): string | undefined {
  if (term === "good") {
    return undefined;
  }
  return term === "kept" ? (before?.expires_at ?? undefined) : daysFrom(now, Number(term));
}

/** Why something cannot be stated yet; undefined if it can. */
export function missing(id: string, status: Status, justification: string, detail: string): string | undefined {
  if (id.trim() === "") {
    return "Name the vulnerability.";
  }
  if (status === "not_affected" && justification === "" && detail.trim() === "") {
    return "Choose a justification, or say why in the detail.";
  }
  return undefined;
}
