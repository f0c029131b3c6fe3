import type { Overview } from "./queries";

/** A metric over the versions, the champion marked. */
export function MetricHistory(_: { glance: Overview }) {
  return null;
}
