import { Fragment, type ReactNode } from "react";
import { VerdictMark } from "../../evaluations/VerdictMark";
import { Digest, Mark } from "../../ui/Badges";
import { Metric } from "../../ui/Metric";
import { type Row, textOf } from "./sections";

/** What stands in each version's column of a row. What differs from the base is marked. */
export function cellsOf(row: Row): ReactNode[] {
  const base = row.values[0];
  return row.values.map((value, place) => {
    if (row.kind === "metric") {
      const compared = place === 0 || typeof base !== "number" ? undefined : base;
      const verdict = row.verdicts[place] ?? null;
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell belongs to the version at its place
        <Fragment key={place}>
          <Metric value={toNumber(value)} base={compared} direction={row.direction} />
          {verdict !== null && <VerdictMark verdict={verdict} />}
        </Fragment>
      );
    }
    // biome-ignore lint/suspicious/noArrayIndexKey: a cell belongs to the version at its place
    return <Fragment key={place}>{other(row, textOf(value), place > 0 && textOf(value) !== textOf(base))}</Fragment>;
  });
}

function other(row: Row, text: string | null, changed: boolean): ReactNode {
  if (text === null) {
    return (
      <span className="muted">
        —<span className="visually-hidden"> none</span>
      </span>
    );
  }
  switch (row.kind) {
    case "check":
      return <Mark state={CHECKS[text] ?? "waiting"}>{text}</Mark>;
    case "digest":
      return <Digest value={text} what={`digest of ${row.name}`} />;
    default:
      return changed ? <ins>{text}</ins> : text;
  }
}

const CHECKS: Record<string, "met" | "unmet"> = { passed: "met", failed: "unmet" };

function toNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
