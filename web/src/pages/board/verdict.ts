import type { NextMove } from "../version/queries";

type Judged = Pick<NextMove, "allowed" | "gates" | "approvals">;

/** In two words, whether a version may move: allowed, waiting for approval only, or blocked. */
export function verdictOn({ allowed, gates, approvals }: Judged): {
  state: "met" | "unmet" | "waiting";
  word: string;
} {
  if (allowed) {
    return { state: "met", word: "allowed" };
  }
  const waits = gates.every((gate) => gate.holds) && approvals.some((tally) => !tally.met);
  return waits ? { state: "waiting", word: "needs approval" } : { state: "unmet", word: "blocked" };
}
