import type { Document } from "../api/documents";

export type Measure = Document<"MeasureView">;
export type Interval = Document<"IntervalView">;

const LEVEL = 0.95;
// The quantile of the normal distribution that belongs to the level.
const Z = 1.959963984540054;
// With fewer observations a mean is not close enough to normal.
const FEWEST = 30;

/**
 * The interval of a metric: the one that its reporter computed, else one of 95 % by what its value rests on. That is
 * Wilson's for a share, and the normal one for a mean. Null: nobody can tell.
 */
export function intervalOf(measure: Measure | undefined): Interval | null {
  const { value, n, successes, sd, interval } = measure ?? {};
  if (interval != null) {
    return interval;
  }
  if (n == null || n === 0 || value === undefined) {
    return null;
  }
  if (successes != null) {
    return wilson(successes, n);
  }
  if (sd != null && n >= FEWEST) {
    const half = (Z * sd) / Math.sqrt(n);
    return { low: value - half, high: value + half, level: LEVEL, method: "normal" };
  }
  return null;
}

/** Wilson's score interval. */
export function wilson(successes: number, n: number): Interval {
  const share = successes / n;
  const scale = 1 + Z ** 2 / n;
  const middle = (share + Z ** 2 / (2 * n)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half), level: LEVEL, method: "wilson" };
}
