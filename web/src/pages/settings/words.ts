import type { Model } from "../../api/documents";
import { LEVELS, type Level } from "../../format/classification";
import { many } from "../../format/words";
import type { Retention, Rule } from "./queries";

export type Classified = Pick<Model, "classification" | "personal_data">;

/** A model's classification in words: its level, and whether it is about people. */
export function classificationInWords(classified: Classified): string {
  const { classification: level, personal_data: personal } = classified;
  return level === null
    ? "unclassified: nobody has said how far the data may be known"
    : `${level}: ${LEVELS[level]}${personal ? "; it is about people who could be told from it" : ""}`;
}

/** Whether a change says less of the data, for which the registry wants a reason. */
export function lowers(before: Classified, after: Classified): boolean {
  const levels: (Level | null)[] = [null, "public", "internal", "confidential", "restricted"];
  return (
    levels.indexOf(after.classification) < levels.indexOf(before.classification) ||
    (before.personal_data && !after.personal_data)
  );
}

/** A promotion rule in words. */
export function ruleInWords(rule: Rule): string {
  const better = rule.higher_is_better ? "higher" : "lower";
  const condition =
    rule.beats === null
      ? `${rule.metric} is ${rule.higher_is_better ? "at least" : "at most"} ${rule.at_least}`
      : `its ${rule.metric} is ${better} than that of the version in ${rule.beats.stage}${rule.beats.by ? `, by at least ${rule.beats.by}` : ""}`;
  return `A new version moves to ${rule.to_stage} by itself if ${condition}.`;
}

/** A retention rule in words: one sentence for each of its clauses. */
export function retentionInWords(rule: Retention): string[] {
  const clauses = [];
  if (rule.never_promoted_after_days !== null) {
    clauses.push(
      `A version that never left the first stage is deleted ${many(rule.never_promoted_after_days, "day")} after it was complete.`,
    );
  }
  if (rule.archived_after_days !== null) {
    clauses.push(`A version is deleted when it has been in the archive for ${many(rule.archived_after_days, "day")}.`);
  }
  if (rule.keep_last > 0) {
    clauses.push(`The newest ${many(rule.keep_last, "version")} always stay.`);
  }
  return clauses;
}

/** A whole number that was typed; null if the field is empty. */
export function wholeNumber(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
