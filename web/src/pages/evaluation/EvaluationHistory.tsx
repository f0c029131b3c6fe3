import { useQuery } from "@tanstack/react-query";
import { intervalOf } from "../../evaluations/interval";
import { Data } from "../../evaluations/Origin";
import { historyOf, type Point, type RecordedEvaluation, seriesOf } from "../../evaluations/queries";
import { inRoles } from "../../evaluations/words";
import { metric as number } from "../../format/number";
import { many } from "../../format/words";
import { Person } from "../../ui/Badges";
import { Choice } from "../../ui/Choice";
import { TimeChart, type TimePoint } from "../../ui/charts/TimeChart";
import { Empty } from "../../ui/Empty";
import { SelectField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import "./Evaluation.css";

interface HistoryProps {
  model: string;
  version: number;
  name: string;
  metrics: readonly string[];
}

/** How an evaluation went over time: a metric as a chart, and every time that it was recorded. */
export function EvaluationHistory({ model, version, name, metrics }: HistoryProps) {
  const list = usePaged(
    ["model", model, "version", String(version), "evaluations", name, "history"],
    historyOf(model, String(version), name),
  );
  return (
    <>
      {metrics.length > 0 && <OverTime model={model} version={version} name={name} metrics={metrics} />}
      <Card title="Every time it was recorded" flush>
        <PagedTable
          caption={`History of ${name}`}
          columns={COLUMNS}
          list={list}
          rowKey={({ reported_at, measured_at }) => `${reported_at} ${measured_at}`}
          empty={<Empty title="It was never recorded of this version" />}
        />
      </Card>
    </>
  );
}

const COLUMNS: Column<RecordedEvaluation>[] = [
  { key: "at", head: "Measured", cell: ({ measured_at }) => <Time at={measured_at} /> },
  {
    key: "metrics",
    head: "Metrics",
    wide: true,
    cell: ({ metrics, withdrawn_at: at, withdrawn_by: by }) => (
      <>
        <span className={at === null ? undefined : "history-withdrawn"}>
          {Object.entries(metrics)
            .map(([metric, value]) => `${metric} ${number(value)}`)
            .join(", ")}
        </span>
        {at !== null && (
          <div>
            withdrawn <Time at={at} /> {by !== null && <Person name={by} />}
          </div>
        )}
      </>
    ),
  },
  { key: "dataset", head: "Dataset", cell: ({ dataset }) => <Data dataset={dataset} /> },
  {
    key: "by",
    head: "Reported by",
    cell: (evaluation) => (
      <>
        <Person name={evaluation.reported_by} />
        <span className="muted">{inRoles(evaluation)}</span>
      </>
    ),
  },
];

function OverTime({ model, version, name, metrics }: HistoryProps) {
  const [{ over, of }, change] = useAddress();
  const chosen = metrics.find((metric) => metric === over) ?? metrics[0] ?? "";
  const all = of === "all";
  const query = useQuery(seriesOf(model, name, chosen, all ? undefined : version));
  return (
    <Card
      title="Over time"
      actions={
        <>
          <Choice
            label="Versions"
            options={[
              { value: "this", name: "This version" },
              { value: "all", name: "All versions" },
            ]}
            value={all ? "all" : "this"}
            onChange={(which) => change({ of: which === "all" ? "all" : undefined }, true)}
          />
          <SelectField label="Metric" value={chosen} onChange={(event) => change({ over: event.target.value }, true)}>
            {metrics.map((metric) => (
              <option key={metric}>{metric}</option>
            ))}
          </SelectField>
        </>
      }
    >
      <Loaded query={query} lines={6} keeps>
        {({ metric, points }) =>
          points.length === 0 ? (
            <p className="muted">Nothing was recorded.</p>
          ) : (
            <TimeChart
              title={`${metric} of ${name}, ${many(points.length, "evaluation")}`}
              what={metric}
              points={points.map(pointOf)}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

function pointOf(point: Point, index: number): TimePoint {
  const interval = intervalOf(point);
  return {
    key: `${index}`,
    at: point.measured_at,
    value: point.value,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    threshold: null,
    note: `version ${point.version}`,
  };
}
