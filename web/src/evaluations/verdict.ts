import type { Document } from "../api/documents";
import { difference, metric } from "../format/number";
import type { Interval } from "./interval";

export type Verdict = Document<"VerdictView">;
export type Comparison = Document<"ComparisonView">;

/** The verdicts of one evaluation of a version beside the first version of a comparison, by the name of the metric. */
export function verdictsOf(comparison: Comparison | undefined, evaluation: string, place = 1): Map<string, Verdict> {
  const found = comparison?.evaluations.find(({ name }) => name === evaluation);
  return new Map(
    (found?.metrics ?? []).flatMap(({ name, verdicts = [] }) => {
      const verdict = verdicts[place] ?? null;
      return verdict === null ? [] : [[name, verdict] as const];
    }),
  );
}

/** How sure a verdict is: what it says, in the tone in which it is shown. */
export function toneOf({ verdict }: Verdict): "met" | "unmet" | "open" {
  return verdict === "better" ? "met" : verdict === "worse" ? "unmet" : "open";
}

/** `+0.012, 95 % from +0.002 to +0.022`, or why nothing can be said. */
export function groundsOf({ difference: found, interval, reason }: Verdict): string {
  const grounds = [
    found == null ? "" : difference(0, found),
    interval == null ? "" : `${level(interval)} from ${difference(0, interval.low)} to ${difference(0, interval.high)}`,
  ].filter((part) => part !== "");
  return [grounds.join(", "), reason ?? ""].filter((part) => part !== "").join("; ");
}

/** `95 %`. */
export function level(interval: Interval): string {
  return `${metric(Number((interval.level * 100).toPrecision(4)))} %`;
}

/** `0.912 to 0.944`. */
export function ends({ low, high }: Interval): string {
  return `${metric(low)} to ${metric(high)}`;
}
