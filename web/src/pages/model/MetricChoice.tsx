import { useAddress } from "../../ui/search";
import { headline, metricNames } from "./headline";
import type { Overview } from "./queries";
import "./MetricChoice.css";

/** The metric that the address names, else the one by which the model is judged first; undefined if there is none. */
export function useMetric(glance: Overview | undefined): string | undefined {
  const [{ metric }] = useAddress();
  return metric ?? (glance && headline(glance));
}

/** Chooses the metric to show. */
export function MetricChoice({ glance, chosen }: { glance: Overview; chosen: string }) {
  const [, change] = useAddress();
  const names = [...new Set([chosen, ...metricNames(glance)])].sort();
  return (
    <select
      className="input metric-choice"
      aria-label="Metric"
      value={chosen}
      onChange={(event) => change({ metric: event.target.value }, true)}
    >
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
