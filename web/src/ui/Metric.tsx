import { type Direction, difference, metric, verdict } from "../format/number";
import "./Metric.css";

interface MetricProps {
  value: number | undefined;
  /** The value to compare with, that of the version in production for example. */
  base?: number | undefined;
  direction?: Direction | undefined;
}

/** A metric, and how it differs from another version's. Better and worse are said by an arrow and a word, not by colour alone. */
export function Metric({ value, base, direction }: MetricProps) {
  if (value === undefined) {
    return (
      <span className="muted" title="not recorded">
        —<span className="visually-hidden"> not recorded</span>
      </span>
    );
  }
  return (
    <span className="metric" title={base === undefined ? String(value) : `${value}, compared with ${base}`}>
      {metric(value)}
      {base !== undefined && <Delta from={base} to={value} direction={direction} />}
    </span>
  );
}

/** A difference between two values, with an arrow. */
export function Delta({ from, to, direction }: { from: number; to: number; direction?: Direction | undefined }) {
  const judged = verdict(from, to, direction);
  const arrow = to === from ? "" : to > from ? "▲" : "▼";
  return (
    <span className={`delta delta-${judged ?? "plain"}`}>
      {arrow !== "" && <span aria-hidden="true">{arrow} </span>}
      {difference(from, to)}
      {judged !== null && <span className="visually-hidden"> {judged}</span>}
    </span>
  );
}
