import { count, type Direction, percent, percents } from "../format/number";
import { Metric } from "../ui/Metric";
import { type Column, Table } from "../ui/Table";
import { intervalOf } from "./interval";
import type { Evaluation, Slice } from "./queries";
import { rateInterval, ratesOf } from "./rates";
import { ends } from "./verdict";
import { groupName } from "./words";
import "./Evaluations.css";

interface SliceTableProps {
  evaluation: Evaluation;
  directions: Record<string, Direction>;
  /** How many slices are shown at most. */
  most?: number;
}

/** The slices of an evaluation: metrics beside those of the whole, what was counted, and the rates of the counts. */
export function SliceTable({ evaluation, directions, most = evaluation.slices.length }: SliceTableProps) {
  const slices = evaluation.slices.slice(0, most);
  const metrics = [...new Set(slices.flatMap((slice) => Object.keys(slice.metrics)))];
  const counted = slices.some(({ counts }) => counts != null);
  const sized = slices.some((slice) => sizeOf(slice) !== null);
  const columns: (Column<Slice> | false)[] = [
    { key: "slice", head: "Slice", cell: ({ group }) => <div className="evaluation-slice">{groupName(group)}</div> },
    sized && {
      key: "n",
      head: "n",
      align: "end",
      cell: (slice) => {
        const n = sizeOf(slice);
        return n === null ? "—" : count(n);
      },
    },
    ...metrics.map(
      (metric): Column<Slice> => ({
        key: `metric ${metric}`,
        head: metric,
        align: "end",
        cell: (slice) => <Sliced slice={slice} evaluation={evaluation} metric={metric} directions={directions} />,
      }),
    ),
    ...(counted ? COUNTED : []),
  ];
  return (
    <Table
      caption={`Slices of ${evaluation.name}`}
      rows={slices}
      rowKey={({ group }) => groupName(group)}
      columns={columns.filter((column) => column !== false)}
    />
  );
}

function sizeOf({ n, counts }: Slice): number | null {
  return n ?? (counts == null ? null : counts.tp + counts.fp + counts.fn + counts.tn);
}

interface SlicedProps {
  slice: Slice;
  evaluation: Evaluation;
  metric: string;
  directions: Record<string, Direction>;
}

function Sliced({ slice, evaluation, metric, directions }: SlicedProps) {
  const interval = intervalOf(slice.measures?.[metric]);
  return (
    <>
      <Metric value={slice.metrics[metric]} base={evaluation.metrics[metric]} direction={directions[metric]} />
      {interval !== null && <div className="muted evaluation-grounds">{ends(interval)}</div>}
    </>
  );
}

const COUNTS = { tp: "true positives", fp: "false positives", fn: "false negatives", tn: "true negatives" };

const COUNTED: Column<Slice>[] = [
  ...(["tp", "fp", "fn", "tn"] as const).map(
    (field): Column<Slice> => ({
      key: field,
      head: <abbr title={COUNTS[field]}>{field.toUpperCase()}</abbr>,
      align: "end",
      cell: ({ counts }) => (counts == null ? "—" : count(counts[field])),
    }),
  ),
  ...ratesOf({ tp: 0, fp: 0, fn: 0, tn: 0 }).map(
    ({ name: head }, index): Column<Slice> => ({
      key: head,
      head,
      align: "end",
      cell: ({ counts }) => {
        const rate = counts == null ? undefined : ratesOf(counts)[index];
        const interval = rate === undefined ? null : rateInterval(rate);
        return rate === undefined || interval === null ? (
          "—"
        ) : (
          <>
            {percent(rate.successes / rate.n)}
            <div className="muted evaluation-grounds">{percents(interval.low, interval.high)}</div>
          </>
        );
      },
    }),
  ),
];
