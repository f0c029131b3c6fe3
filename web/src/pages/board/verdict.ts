import type { NextMove } from "../version/queries";

type Judged = Pick<NextMove, "allowed" | "gates" | "approvals">;

/** In a few words, whether a version may move: allowed, waiting for approvals or checks only, or blocked. */
export function verdictOn({ allowed, gates, approvals }: Judged): {
  state: "met" | "unmet" | "waiting";
  word: string;
} {
  if (allowed) {
    return { state: "met", word: "allowed" };
  }
  const open = gates.filter((gate) => !gate.holds);
  if (open.length > 0 && open.every((gate) => gate.awaited !== null)) {
    return { state: "waiting", word: "waits for a check" };
  }
  const waits = open.length === 0 && approvals.some((tally) => !tally.met);
  return waits ? { state: "waiting", word: "needs approval" } : { state: "unmet", word: "blocked" };
}
