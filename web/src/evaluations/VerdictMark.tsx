import { Mark } from "../ui/Badges";
import { spanOf, Whisker } from "../ui/charts/Whisker";
import { groundsOf, toneOf, type Verdict } from "./verdict";
import "./Evaluations.css";

/** A verdict in words, what it rests on, and the difference as a point with its interval: no difference is the line across. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  const tone = toneOf(verdict);
  const grounds = groundsOf(verdict);
  const { difference, interval } = verdict;
  const estimated =
    difference == null || interval == null ? null : { value: difference, low: interval.low, high: interval.high };
  return (
    <div className="evaluation-interval">
      {tone === "open" ? <span>{verdict.verdict}</span> : <Mark state={tone}>{verdict.verdict}</Mark>}
      {estimated !== null && (
        <Whisker {...estimated} span={spanOf([estimated, { value: 0, low: null, high: null }])} line={0} />
      )}
      {grounds !== "" && <span className="muted evaluation-grounds">{grounds}</span>}
    </div>
  );
}
