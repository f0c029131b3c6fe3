import { useState } from "react";
import { useMay } from "../../api/useSession";
import { many } from "../../format/words";
import { clearanceOf, standingOf, VERDICTS } from "../../scanning/clearance";
import { QuarantineNotice } from "../../scanning/QuarantineNotice";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Card } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { FileList } from "./FileList";
import type { ShownScan } from "./queries";
import { ReleaseDialog } from "./ReleaseDialog";
import { RestoreDialog, ScanDialog } from "./ScanDialogs";

type Asking = "scan" | "release" | "restore";

/** The scan of a version: whether its bytes are given out, what was found in which file, and what can be done. */
export function ScanCard({ shown }: { shown: ShownScan }) {
  const may = useMay();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { model, version, scan, findings } = shown;
  const needs = (action: string) => (may(action, model) ? undefined : `It needs the action ${action} on this model.`);
  const opinion = findings?.second_opinion ?? null;
  const clearance = clearanceOf(scan);
  const standing = clearance === null ? "open" : standingOf(clearance, new Date());
  const close = () => setAsking(null);
  return (
    <Card
      title="Scan"
      actions={
        <Button
          refused={needs("register") ?? (scan?.state === "pending" ? "A scan is pending." : undefined)}
          onClick={() => setAsking("scan")}
        >
          {scan === null ? "Scan it" : "Scan again"}
        </Button>
      }
    >
      <QuarantineNotice
        version={{ model, number: version, scan }}
        actions={
          standing === "pending" ? undefined : standing === "released" ? (
            <Button refused={needs("override")} onClick={() => setAsking("restore")}>
              Put back into quarantine
            </Button>
          ) : (
            <Button kind="danger" refused={needs("override")} onClick={() => setAsking("release")}>
              Release from quarantine
            </Button>
          )
        }
      />
      {scan === null ? (
        <Empty title="This version was not scanned">
          <p>It was registered without scanning, or its files are not complete yet. It is not in quarantine.</p>
        </Empty>
      ) : (
        <Facts>
          <Fact name="Verdict">{scan.verdict === null ? "none yet" : VERDICTS[scan.verdict]}</Fact>
          <Fact name="State">
            {scan.state}, asked for <Time at={scan.requested_at} />
          </Fact>
          {scan.finished_at !== null && (
            <Fact name="Finished">
              <Time at={scan.finished_at} />, by ruleset {scan.ruleset}
            </Fact>
          )}
          {scan.summary !== "" && standing === "open" && <Fact name="Worst">{scan.summary}</Fact>}
          {findings !== null && (
            <Fact name="Files">
              {Object.entries(findings.counts)
                .map(([verdict, count]) => `${count} ${VERDICTS[verdict as keyof typeof VERDICTS] ?? verdict}`)
                .join(", ")}
              {findings.cut > 0 && `; ${many(findings.cut, "file")} not shown`}
            </Fact>
          )}
          {opinion !== null && (
            <Fact name="Second opinion">
              {VERDICTS[opinion.verdict]}, by {opinion.scanner}
              {opinion.failure !== "" && `: ${opinion.failure}`}
            </Fact>
          )}
        </Facts>
      )}
      {findings !== null && <FileList files={findings.files} />}
      {opinion !== null && opinion.files.length > 0 && (
        <>
          <h3>What {opinion.scanner} says</h3>
          <FileList files={opinion.files} />
        </>
      )}
      {asking === "scan" && <ScanDialog model={model} version={version} scan={scan} onClose={close} />}
      {asking === "release" && <ReleaseDialog model={model} version={version} onClose={close} />}
      {asking === "restore" && <RestoreDialog model={model} version={version} onClose={close} />}
    </Card>
  );
}
