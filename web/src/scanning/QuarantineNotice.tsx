import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Version } from "../api/documents";
import { Person } from "../ui/Badges";
import { Notice } from "../ui/Notice";
import { Time } from "../ui/Time";
import { clearanceOf, standingOf, VERDICTS } from "./clearance";

interface QuarantineNoticeProps {
  version: Pick<Version, "model" | "number" | "scan">;
  /** What the reader can do about it; without it, a link to the page that has that. */
  actions?: ReactNode;
}

/** Says that the bytes of a version are not given out, or only for a time, with the next step; else nothing. */
export function QuarantineNotice({ version: { model, number, scan }, actions }: QuarantineNoticeProps) {
  const clearance = clearanceOf(scan);
  if (scan === null || clearance === null) {
    return null;
  }
  const next = actions ?? (
    <Link to="/models/$model/versions/$version/security" params={{ model, version: String(number) }}>
      What was found, and what can be done
    </Link>
  );
  switch (standingOf(clearance, new Date())) {
    case "open":
      return null;
    case "pending":
      return (
        <Notice title="This version is being scanned" actions={actions}>
          <p>Until there is a verdict, nobody can download it. It mostly takes some seconds; this page looks again.</p>
        </Notice>
      );
    case "failed":
      return (
        <Notice tone="bad" title="This version is in quarantine: its scan failed" actions={next}>
          <p>{scan.summary} Nobody can download it until a scan has come to an end. Scan it again.</p>
        </Notice>
      );
    case "quarantined":
      return (
        <Notice tone="bad" title="This version is in quarantine" actions={next}>
          <p>
            The verdict is {scan.verdict === null ? "open" : VERDICTS[scan.verdict]}, which the model’s scheme does not
            let out. {scan.summary} Nobody can download it, and most stages refuse it.
          </p>
        </Notice>
      );
    case "released":
      return (
        <Notice tone="warn" title="This version is released from quarantine" actions={next}>
          {scan.release !== null && (
            <p>
              Its bytes are given out until <Time at={scan.release.expires_at} />, whatever the scan found.{" "}
              {scan.summary} <q>{scan.release.reason}</q> — <Person name={scan.release.by} />,{" "}
              <Time at={scan.release.at} />
            </p>
          )}
        </Notice>
      );
  }
}
