import type { Document } from "../../api/documents";
import { LEVELS } from "../../format/classification";
import type { Grant } from "./queries";

/** What a grant can name of a model's classification. */
export type Word = NonNullable<Document<"GrantView">["classifications"]>[number];

/** The levels that a grant can be limited to, each with what it means. */
export const LIMITS: [word: Word, meaning: string][] = [
  ["unclassified", "unclassified: nobody has said how far it may be known"],
  ...Object.entries(LEVELS).map(([level, meaning]): [Word, string] => [level as Word, `${level}: ${meaning}`]),
];

/** A grant whose limit names a word, or does not name it. */
export function withWord(grant: Grant, word: Word, named: boolean): Grant {
  const others = (grant.classifications ?? []).filter((other) => other !== word);
  return { ...grant, classifications: named ? [...others, word] : others };
}

/** Whether the limit of a grant lets no model through: each has a level, or is unclassified. */
export function reachesNothing({ classifications }: Grant): boolean {
  return classifications?.every((word) => word === "personal_data") ?? false;
}

/** Why grants cannot be saved as they are typed; undefined if they can, as far as a page can tell. */
export function grantsRefusal(grants: readonly Grant[]): string | undefined {
  if (grants.length === 0) {
    return "Add a grant first.";
  }
  return grants.some(reachesNothing) ? "Choose the classifications that a grant is limited to." : undefined;
}
