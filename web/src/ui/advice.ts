import type { Problem } from "../api/problem";

/** The next step for each code that has one. Where the API's own sentence says enough, there is none. */
const BY_CODE: Record<string, string> = {
  gates_not_met: "Open the version to see which gates are not met, or ask for the move and let reviewers decide.",
  approvals_missing: "Ask for approval: the request tells the reviewers.",
  reporter_refused: "The scheme names who reports this. Let them report it.",
  precondition_failed: "Somebody changed this in the meantime. Load it again, then decide.",
  contention: "Many are writing this model at once. Nothing was changed; try again.",
  version_locked: "An administrator locked this version. Its page says who did, and why.",
  model_frozen: "The model is frozen. Its page says who froze it, and why.",
  version_held: "The version is under legal hold. Its page says who placed it, and why.",
  scan_pending: "Wait some seconds, then try again. The version’s page Security says when the verdict is there.",
  quarantined: "The version’s page Security has all that was found.",
  version_quarantined: "The version’s page Security has all that was found.",
  search_too_broad: "Add a condition, or sort by creation or last change.",
  rate_limited: "Too many requests at once. Wait a moment.",
  unreachable: "What you typed is kept.",
};
const BY_STATUS: Record<number, string> = {
  401: "Sign in again.",
  403: "Ask an administrator for a grant.",
  404: "It may have been deleted, or your grants do not cover it.",
  429: "Too many requests at once. Wait a moment.",
  503: "The registry is busy. Wait a moment.",
};

/** What a person can do about a problem; null if nothing is known. */
export function adviceFor(problem: Problem): string | null {
  return BY_CODE[problem.code] ?? BY_STATUS[problem.status] ?? null;
}
