import type { ReactNode } from "react";
import { count, type Direction } from "../format/number";
import { type Span, Whisker } from "../ui/charts/Whisker";
import { Metric } from "../ui/Metric";
import { type Column, Table } from "../ui/Table";
import { type Interval, intervalOf } from "./interval";
import type { Evaluation } from "./queries";
import { scalesOf } from "./scales";
import { VerdictMark } from "./VerdictMark";
import { ends, level, type Verdict } from "./verdict";
import "./Evaluations.css";

interface MeasureTableProps {
  evaluation: Evaluation;
  directions: Record<string, Direction>;
  /** What the metrics show beside another version, by the name of the metric. */
  verdicts?: ReadonlyMap<string, Verdict>;
  /** Which version that is. */
  beside?: ReactNode;
}

interface Row {
  name: string;
  value: number;
  n: number | null;
  interval: Interval | null;
}

/** The metrics of an evaluation, each with its interval and what it rests on. */
export function MeasureTable({ evaluation, directions, verdicts, beside }: MeasureTableProps) {
  const rows: Row[] = Object.entries(evaluation.metrics).map(([name, value]) => {
    const measure = evaluation.measures[name];
    return { name, value, n: measure?.n ?? null, interval: intervalOf(measure) };
  });
  const scales = scalesOf(rows);
  const ways = { up: "higher is better", down: "lower is better" };
  const columns: Column<Row>[] = [
    {
      key: "metric",
      head: "Metric",
      wide: true,
      cell: ({ name }) => {
        const direction = evaluation.measures[name]?.direction ?? directions[name];
        return (
          <>
            {name}
            {direction !== undefined && <span className="muted">, {ways[direction]}</span>}
          </>
        );
      },
    },
    { key: "value", head: "Value", align: "end", cell: ({ value }) => <Metric value={value} /> },
    {
      key: "interval",
      head: "Interval",
      cell: ({ name, value, interval }) => <Whiskered value={value} interval={interval} span={scales.get(name)} />,
    },
    { key: "n", head: "n", align: "end", cell: ({ n }) => (n === null ? "—" : count(n)) },
  ];
  if (verdicts !== undefined && verdicts.size > 0) {
    columns.push({
      key: "verdict",
      head: beside,
      cell: ({ name }) => {
        const verdict = verdicts.get(name);
        return verdict === undefined ? "—" : <VerdictMark verdict={verdict} />;
      },
    });
  }
  return <Table caption={`Metrics of ${evaluation.name}`} rows={rows} rowKey={({ name }) => name} columns={columns} />;
}

interface WhiskeredProps extends Pick<Row, "value" | "interval"> {
  span: Span | undefined;
}

/** An interval in numbers, and as a line. */
function Whiskered({ value, interval, span }: WhiskeredProps) {
  if (interval === null || span === undefined) {
    return <span className="muted">not known</span>;
  }
  const { low, high, method } = interval;
  return (
    <div className="evaluation-interval">
      <span>
        {ends(interval)}{" "}
        <span className="muted">
          ({level(interval)}, {method})
        </span>
      </span>
      <Whisker value={value} low={low} high={high} span={span} />
    </div>
  );
}
