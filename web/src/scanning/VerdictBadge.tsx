import { badgeOf, type Clearance, standingOf } from "./clearance";
import "./Scanning.css";

interface VerdictBadgeProps {
  clearance: Clearance | null;
  /** Whether a version whose bytes are given out has no badge, so that a crowded list shows only what is wrong. */
  quiet?: boolean;
}

/** What the scan of a version found, in words; nothing for a version that was registered without scanning. */
export function VerdictBadge({ clearance, quiet = false }: VerdictBadgeProps) {
  const now = new Date();
  if (clearance === null || (quiet && standingOf(clearance, now) === "open")) {
    return null;
  }
  const { tone, words } = badgeOf(clearance, now);
  return (
    <span className={`verdict verdict-${tone}`} title={clearance.summary || undefined}>
      {words}
    </span>
  );
}
