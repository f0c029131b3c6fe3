import { Link } from "@tanstack/react-router";
import type { Document } from "../api/documents";
import { webAddress } from "../format/addresses";
import { many } from "../format/words";
import { Mark, Person } from "./Badges";
import "./WhyNot.css";

type GateResult = Document<"GateResultView">;
type Tally = Document<"TallyView">;

interface WhyNotProps {
  model: string;
  version: number;
  gates: readonly GateResult[];
  approvals: readonly Tally[];
  blockers: readonly string[];
}

/** Every condition of a move, the unmet ones first: what was found, what is needed, and where it can be mended. */
export function WhyNot({ model, version, gates, approvals, blockers }: WhyNotProps) {
  const sorted = [...gates].sort((a, b) => Number(a.holds) - Number(b.holds));
  const others = unsaid(blockers, gates, approvals);
  const asked = gates.length + approvals.length > 0;
  return (
    <div className="why-not">
      {(asked || others.length === 0) && <p className="why-not-sum">{standing(gates, approvals)}</p>}
      {asked && (
        <ul className="why-not-list">
          {sorted.map((gate) => (
            <li key={`${gate.gate} ${gate.needed}`}>
              <Mark state={markOf(gate)} />
              <div>
                <strong>{gate.gate}</strong> <span>{gate.reason}</span>
                <div className="muted">
                  Needed: {gate.needed}
                  {gate.awaited ? (
                    <Run link={gate.awaited.link} />
                  ) : (
                    !gate.holds && <Mend kind={gate.kind} model={model} version={version} />
                  )}
                </div>
              </div>
            </li>
          ))}
          {approvals.map((tally) => (
            <li key={tally.needed}>
              <Mark state={tally.met ? "met" : "waiting"} />
              <div>
                <strong>approval</strong> {tally.needed}
                <div className="muted">
                  {tally.approved_by.length === 0
                    ? "Nobody has approved yet."
                    : tally.approved_by.map((name) => <Person key={name} name={name} />)}
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul className="why-not-blockers">
          {others.map((blocker) => (
            <li key={blocker}>{blocker}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The blockers that the list of gates and approvals does not say already. */
export function unsaid(
  blockers: readonly string[],
  gates: readonly { gate: string }[],
  approvals: readonly { needed: string }[],
): string[] {
  const said = [...gates.map(({ gate }) => `gate ${gate}: `), ...approvals.map(({ needed }) => `it takes ${needed}`)];
  return blockers.filter((blocker) => !said.some((beginning) => blocker.startsWith(beginning)));
}

/** Whether a gate holds, or waits for a check that is pending. */
export function markOf({ holds, awaited }: Pick<GateResult, "holds" | "awaited">): "met" | "unmet" | "waiting" {
  return holds ? "met" : awaited === null ? "unmet" : "waiting";
}

/** `3 of 5 gates met · 1 approval missing`. One vote may count as several of the approvals. */
export function standing(
  gates: readonly { holds: boolean }[],
  approvals: readonly Pick<Tally, "met" | "count" | "approved_by">[],
): string {
  const missing = approvals
    .filter((tally) => !tally.met)
    .reduce((sum, { count, approved_by: by }) => sum + count - by.length, 0);
  const parts = [
    gates.length === 0 ? "" : `${gates.filter((gate) => gate.holds).length} of ${many(gates.length, "gate")} met`,
    missing === 0 ? "" : `${many(missing, "approval")} missing`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "Nothing is asked for this move" : parts.join(" · ");
}

/** A link to where a pending check is being measured, if whoever opened it said so. */
function Run({ link }: { link: string | null }) {
  const address = webAddress(link);
  return address === null ? null : (
    <>
      {" · "}
      <a href={address} rel="noreferrer noopener">
        Its run
      </a>
    </>
  );
}

/** A link to where an unmet gate can be mended, or the command that does it. */
function Mend({ kind, model, version }: { kind: string; model: string; version: number }) {
  if (kind === "documentation") {
    return (
      <>
        {" · "}
        <Link to="/models/$model/card" params={{ model }}>
          Edit the card
        </Link>
      </>
    );
  }
  const commands: Record<string, string> = {
    check: `moorage checks report ${model}/${version}`,
    evaluation: `moorage evaluations record ${model}/${version}`,
    better: `moorage evaluations record ${model}/${version}`,
    fairness: `moorage evaluations record ${model}/${version}`,
  };
  const command = commands[kind];
  return command === undefined ? null : (
    <>
      {" · report it with "}
      <code>{command}</code>
    </>
  );
}
