import { count } from "../../format/number";
import { many } from "../../format/words";
import { registryAddress } from "../../place";
import { Button } from "../../ui/Button";
import { Snippet } from "../../ui/Copy";
import { Notice, ProblemNotice } from "../../ui/Notice";
import { quotedForShell } from "../../ui/shell";
import { Time } from "../../ui/Time";
import { modelOf } from "./queries";
import { useVerification } from "./useVerification";
import type { Verdict } from "./verification";

/** Checks a ledger in this browser: reads every event, computes every hash, and says what came of it. */
export function Verify({ ledger }: { ledger: string }) {
  const [check, start, stop] = useVerification(ledger);
  const running = check.state === "running";
  return (
    <div className="stack">
      <p className="text">
        This browser reads every event as the registry sends it, computes its SHA-256 from its canonical form, and
        compares it, the link to the event before, and the end with what the registry keeps.
      </p>
      <div className="row no-print">
        {running ? (
          <Button onClick={stop}>Stop</Button>
        ) : (
          <Button kind="primary" onClick={start}>
            {check.state === "idle" ? "Verify this ledger" : "Verify again"}
          </Button>
        )}
      </div>
      {running && (
        <div className="audit-progress">
          <progress
            aria-label="Events checked"
            {...(check.total === 0 ? {} : { value: check.checked, max: check.total })}
          />
          <span>
            {count(check.checked)} of {check.total === 0 ? "…" : many(check.total, "event")}
          </span>
        </div>
      )}
      {check.state === "done" && <Result verdict={check.verdict} at={check.at} />}
      {check.state === "failed" && <ProblemNotice error={check.error} />}
      <details className="audit-offline">
        <summary>Check it without this page</summary>
        <div className="stack">
          <p className="text">
            The first command downloads all events and checks them on your machine, with the newest anchor. The others
            export the ledger and check it with a script that needs nothing of this registry.
          </p>
          <Snippet text={commands(ledger)} what="commands of the check" />
        </div>
      </details>
    </div>
  );
}

function Result({ verdict, at }: { verdict: Verdict; at: string }) {
  const { head } = verdict;
  const checked = (
    <p className="muted">
      Checked at <Time at={at} />. The last hash that holds, of event {head.sequence}: <code>{head.hash}</code>
    </p>
  );
  if (verdict.kind === "intact") {
    return (
      <Notice tone="good" live title={`${many(head.sequence, "event")}, chain intact`}>
        <p>Every hash and every link holds, and the chain has the end that the registry keeps.</p>
        {checked}
        <p className="muted">
          A chain that was rewritten as a whole, or whose end was cut off together with the registry's record of it,
          would look intact too. Only an anchor shows that: the commands below compare with it.
        </p>
      </Notice>
    );
  }
  if (verdict.kind === "broken") {
    return (
      <Notice tone="bad" live title={`The chain breaks at event ${verdict.fault.sequence}`}>
        <p>
          At event {verdict.fault.sequence}: {verdict.fault.reason}. Everything from there on is unproven.
        </p>
        {checked}
        <p>Keep an export of the ledger before anything else, and tell those who operate the registry.</p>
      </Notice>
    );
  }
  return (
    <Notice tone="bad" live title="The chain has another end than the registry keeps">
      <p>
        The events end at {head.sequence}. The registry keeps event {verdict.stored.sequence} as the last, with the hash{" "}
        <code>{verdict.stored.hash}</code>. Events at the end are missing, or were replaced.
      </p>
      {checked}
    </Notice>
  );
}

function commands(ledger: string): string {
  const model = modelOf(ledger);
  const name = model === null ? "" : ` ${quotedForShell(model)}`;
  const scope = model === null ? "--all" : `--model ${quotedForShell(model)}`;
  return [
    `export MOORAGE_URL=${registryAddress()}`,
    `moorage audit verify${name} --state`,
    `moorage audit export ${scope} audit`,
    "moorage-verify audit",
  ].join("\n");
}
