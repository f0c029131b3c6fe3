/** What each reason for waiting is called. */
const WORDS: Record<string, string> = {
  me: "your vote",
  approvals: "approvals",
  rejection: "a rejection to be taken back",
  gates: "gates",
  restriction: "a freeze or lock to be lifted",
  scheme: "a scheme that allows it",
  execution: "somebody to make the move",
};

/** What a request waits for, in words. A reason of a newer API stands as it came. */
export function waitsFor(reasons: readonly string[]): string {
  // Whoever is asked for their vote need not be told that approvals are missing.
  const shown = reasons.includes("me") ? reasons.filter((reason) => reason !== "approvals") : reasons;
  return shown.map((reason) => WORDS[reason] ?? reason).join(", ");
}
