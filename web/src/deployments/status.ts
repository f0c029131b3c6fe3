import type { Status } from "./queries";

const WORDS: Record<Status, { state: "met" | "unmet" | "waiting" | "over"; word: string }> = {
  pending: { state: "waiting", word: "pending" },
  in_progress: { state: "waiting", word: "in progress" },
  succeeded: { state: "met", word: "succeeded" },
  failed: { state: "unmet", word: "failed" },
  rolled_back: { state: "unmet", word: "rolled back" },
  superseded: { state: "over", word: "superseded" },
};

/** A status in words: `in progress`. */
export function statusInWords(status: Status): string {
  return WORDS[status].word;
}

/** Whether a deployment went well, went wrong, goes on, or ended because a newer one came. */
export function statusState(status: Status): "met" | "unmet" | "waiting" | "over" {
  return WORDS[status].state;
}
