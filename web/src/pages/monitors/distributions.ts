import { metric } from "../../format/number";
import type { Histogram, Window } from "../../monitors/queries";
import type { Bin } from "../../ui/charts/Bars";

/** A feature's baseline beside what was counted in one window. */
export interface Beside {
  bins: Bin[];
  /** How many examples each has, and in how many of them the feature is missing. */
  counted: { n: number; missing: number }[];
}

/**
 * Both as shares of the examples that have the feature. What sources of the window counted is added up. Values that one
 * of them left out are among the others in all. Null: nothing was counted in the same bins.
 */
export function besides(baseline: Histogram, sources: readonly Histogram[]): Beside | null {
  const alike = sources.filter(({ kind, edges }) => kind === baseline.kind && `${edges}` === `${baseline.edges}`);
  if (alike.length === 0) {
    return null;
  }
  const all = [baseline, ...alike];
  const values = (baseline.values ?? []).filter((value) => all.every((one) => one.values?.includes(value)));
  const before = shares([baseline], values);
  const now = shares(alike, values);
  return {
    bins: names(baseline, values).map((name, index) => ({ name, shares: [before[index] ?? null, now[index] ?? null] })),
    counted: [sum([baseline]), sum(alike)],
  };
}

function sum(parts: readonly Histogram[]) {
  return {
    n: parts.reduce((total, part) => total + part.n + part.missing, 0),
    missing: parts.reduce((total, part) => total + part.missing, 0),
  };
}

function shares(parts: readonly Histogram[], values: readonly string[]): (number | null)[] {
  const counted = parts.map((part) => (part.kind === "numeric" ? part.counts : overValues(part, values)));
  const total = parts.reduce((all, { n }) => all + n, 0);
  return (counted[0] ?? []).map((_, bin) =>
    total === 0 ? null : counted.reduce((all, counts) => all + (counts[bin] ?? 0), 0) / total,
  );
}

/** Counts of the given values, and of all others. */
function overValues({ values = [], counts, n }: Histogram, wanted: readonly string[]): number[] {
  const kept = wanted.map((value) => counts[values.indexOf(value)] ?? 0);
  return [...kept, n - kept.reduce((all, one) => all + one, 0)];
}

/** What each bin is called. */
function names({ kind, edges = [] }: Histogram, values: readonly string[]): string[] {
  if (kind === "categorical") {
    return [...values, "others"];
  }
  if (edges.length === 0) {
    return ["all"];
  }
  return [
    `≤ ${metric(edges[0] ?? 0)}`,
    ...edges.slice(1).map((edge, index) => `${metric(edges[index] ?? 0)} – ${metric(edge)}`),
    `> ${metric(edges.at(-1) ?? 0)}`,
  ];
}

/** The windows by their start, the newest first: one of each source. */
export function bySource(windows: readonly Window[]): { start: string; sources: Window[] }[] {
  const starts = [...new Set(windows.map(({ start }) => start))];
  return starts.map((start) => ({ start, sources: windows.filter((window) => window.start === start) }));
}
