import { intervalOf } from "../../evaluations/interval";
import type { Evaluation } from "../../evaluations/queries";
import { groupName } from "../../evaluations/words";
import { metric as number } from "../../format/number";
import { spanOf, Whisker } from "../../ui/charts/Whisker";
import { Card } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import "./Evaluation.css";

// More lines would be a long way down to the history; the table has all.
const MOST_LINES = 30;

/** A metric of the whole and of each slice on one scale, with their intervals. The table of slices has the numbers. */
export function SliceWhiskers({ evaluation, metric: asked }: { evaluation: Evaluation; metric: string | undefined }) {
  const [, change] = useAddress();
  const names = [...new Set(evaluation.slices.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  const chosen = names.find((name) => name === asked) ?? names[0];
  if (chosen === undefined) {
    return null;
  }
  const parts = [
    { name: "all", whole: true, value: evaluation.metrics[chosen], measure: evaluation.measures[chosen] },
    ...evaluation.slices.map(({ group, metrics, measures }) => ({
      name: groupName(group),
      whole: false,
      value: metrics[chosen],
      measure: measures?.[chosen],
    })),
  ];
  const lines = parts.flatMap(({ name, whole, value, measure }) => {
    const interval = intervalOf(measure);
    return value === undefined
      ? []
      : [{ name, whole, value, low: interval?.low ?? null, high: interval?.high ?? null }];
  });
  const shown = lines.slice(0, MOST_LINES);
  const span = spanOf(shown);
  const whole = lines.find((line) => line.whole)?.value;
  return (
    <Card
      title="Slice by slice"
      actions={
        <select
          className="input slice-metric"
          aria-label="Metric of the slices"
          value={chosen}
          onChange={(event) => change({ metric: event.target.value }, true)}
        >
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      }
    >
      <ul className="slice-whiskers" aria-label={`${chosen} of each slice`}>
        {shown.map(({ name, value, low, high }) => (
          <li key={name}>
            <span className="slice-name" title={name}>
              {name}
            </span>
            <Whisker
              value={value}
              low={low}
              high={high}
              span={span}
              {...(whole === undefined ? {} : { line: whole })}
            />
            <span className="slice-value">
              {number(value)}
              <span className="visually-hidden">
                {low === null || high === null ? ", no interval known" : `, from ${number(low)} to ${number(high)}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="muted">
        The line across is the value of all.
        {lines.length > MOST_LINES && ` The first ${MOST_LINES} of ${lines.length}; the table has all.`}
      </p>
    </Card>
  );
}
