import { type Estimated, type Span, spanOf } from "../ui/charts/Whisker";

interface Measured {
  name: string;
  value: number;
  interval: { low: number; high: number } | null;
}

/**
 * The scale on which the interval of each metric is drawn. Shares, which lie between 0 and 1, have one in common, so
 * that they can be compared. It holds their intervals and no more: on one from 0 to 1, most would be no wider than
 * their points. What has a unit of its own has a scale of its own. A metric without an interval has none.
 */
export function scalesOf(metrics: readonly Measured[]): Map<string, Span> {
  const known = metrics.flatMap(({ name, value, interval }) =>
    interval === null ? [] : [{ name, value, low: interval.low, high: interval.high }],
  );
  const shares = known.filter(isShare);
  return new Map(known.map((one) => [one.name, spanOf(isShare(one) ? shares : [one])]));
}

function isShare({ value, low, high }: Estimated): boolean {
  return Math.min(value, low ?? value) >= 0 && Math.max(value, high ?? value) <= 1;
}
