import type { Version } from "../api/documents";

export type Scan = NonNullable<Version["scan"]>;
export type Verdict = NonNullable<Scan["verdict"]>;
/** As much of a version's scan as says where the version stands. */
export type Clearance = Pick<Scan, "state" | "verdict" | "allowed" | "summary"> & { released_until: string | null };

/**
 * Where a version stands: its bytes are given out (`open`, or by a `released` quarantine), or they are not, because no
 * scan has found them good yet (`pending`), there is no verdict after all (`failed`), or the scheme refuses the verdict.
 */
export type Standing = "open" | "released" | "pending" | "failed" | "quarantined";

/** As much of a version's scan as lists show of it; null for a version that was registered without scanning. */
export function clearanceOf(scan: Scan | null): Clearance | null {
  return scan === null ? null : { ...scan, released_until: scan.release?.expires_at ?? null };
}

/** Where a version stands at a time. A release ends by time alone. */
export function standingOf({ state, allowed, released_until: until }: Clearance, now: Date): Standing {
  if (allowed && state !== "failed") {
    return "open";
  }
  if (until !== null && now < new Date(until)) {
    return "released";
  }
  return state === "done" ? "quarantined" : state;
}

/** A verdict as a word for readers. */
export const VERDICTS: Record<Verdict, string> = {
  clean: "clean",
  unscanned: "unscanned",
  review: "needs review",
  unsafe: "unsafe",
};

/** What the badge of a version says, and how grave that is. */
export function badgeOf(clearance: Clearance, now: Date): { tone: "good" | "plain" | "warn" | "bad"; words: string } {
  const { state, verdict } = clearance;
  const found = verdict === null ? "no verdict" : VERDICTS[verdict];
  switch (standingOf(clearance, now)) {
    case "released":
      return { tone: "warn", words: `${found}, released` };
    case "pending":
      return { tone: "plain", words: "being scanned" };
    case "failed":
      return { tone: "bad", words: "quarantined: scan failed" };
    case "quarantined":
      return { tone: "bad", words: `quarantined: ${found}` };
    case "open":
      return {
        tone: verdict === "clean" ? "good" : verdict === "review" ? "warn" : "plain",
        words: verdict === null && state === "pending" ? "being scanned" : found,
      };
  }
}

const AGAIN_MS = 4_000;

/** How soon a page asks again for a version: while its scan is pending, every few seconds. */
export function scanInterval(scan: Pick<Scan, "state"> | null | undefined): number | false {
  return scan?.state === "pending" ? AGAIN_MS : false;
}
