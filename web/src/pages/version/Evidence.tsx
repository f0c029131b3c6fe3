import { webAddress } from "../../format/addresses";
import { Mark, Person } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Metric } from "../../ui/Metric";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import type { VersionOverview } from "./queries";

/** Checks that CI and others reported, or will report. */
export function Checks({ glance }: { glance: VersionOverview }) {
  const { checks, version } = glance;
  return (
    <Table
      caption="Checks"
      rows={checks}
      rowKey={({ name }) => name}
      empty={
        <Empty title="No checks yet">
          <p>
            A pipeline reports one with{" "}
            <code>
              moorage checks report {version.model}/{version.number} unit-tests --passed
            </code>
            .
          </p>
        </Empty>
      }
      columns={[
        {
          key: "state",
          head: "Result",
          cell: (check) => (
            <Mark state={check.state === "passed" ? "met" : check.state === "failed" ? "unmet" : "waiting"}>
              {check.state}
            </Mark>
          ),
        },
        { key: "name", head: "Check", cell: ({ name }) => name },
        {
          key: "details",
          head: "Details",
          cell: (check) =>
            check.due_at === null ? <Details {...check} /> : <Wait link={check.link} due={check.due_at} />,
          wide: true,
        },
        { key: "by", head: "Reported by", cell: ({ reported_by: by }) => by !== null && <Person name={by} /> },
        { key: "at", head: "At", cell: ({ reported_at: at }) => at !== null && <Time at={at} /> },
      ]}
    />
  );
}

/** Until when a report is awaited, or was, and where it is being made. */
function Wait({ link, due }: { link: string | null; due: string }) {
  const address = webAddress(link);
  return (
    <>
      Due <Time at={due} />{" "}
      {address !== null && (
        <a href={address} rel="noreferrer noopener">
          Its run
        </a>
      )}
    </>
  );
}

function Details({ details, evidence }: { details: string; evidence: string | null }) {
  const address = webAddress(evidence);
  return (
    <>
      {details}{" "}
      {address === null ? (
        evidence
      ) : (
        <a href={address} rel="noreferrer noopener">
          Evidence
        </a>
      )}
    </>
  );
}

/** Measured sets of metrics, each with its slices. */
export function Evaluations({ glance }: { glance: VersionOverview }) {
  const { evaluations, version, directions } = glance;
  if (evaluations.length === 0) {
    return (
      <Empty title="No evaluations yet">
        <p>
          Record one with{" "}
          <code>
            moorage evaluations record {version.model}/{version.number} holdout --metric auc=0.94
          </code>
          .
        </p>
      </Empty>
    );
  }
  return (
    <ul>
      {evaluations.map((evaluation) => (
        <li key={evaluation.name} className="evaluation">
          <div className="spread">
            <h3>
              {evaluation.name} <span className="muted">({evaluation.kind})</span>
            </h3>
            <span className="muted">
              <Person name={evaluation.reported_by} />, <Time at={evaluation.measured_at} />
            </span>
          </div>
          {evaluation.dataset && (
            <p className="muted">
              On {evaluation.dataset.name} {evaluation.dataset.version ?? ""}
            </p>
          )}
          <Table
            caption={`Evaluation ${evaluation.name}`}
            rows={sliced(evaluation)}
            rowKey={({ name }) => name}
            columns={[
              { key: "slice", head: "Slice", cell: ({ name }) => name, wide: true },
              ...Object.keys(evaluation.metrics).map((metric) => ({
                key: metric,
                head: metric,
                align: "end" as const,
                cell: (row: Sliced) => (
                  <Metric
                    value={row.metrics[metric]}
                    base={row.whole ? undefined : evaluation.metrics[metric]}
                    direction={directions[metric]}
                  />
                ),
              })),
            ]}
          />
        </li>
      ))}
    </ul>
  );
}

interface Sliced {
  name: string;
  whole: boolean;
  metrics: Record<string, number>;
}

function sliced(evaluation: VersionOverview["evaluations"][number]): Sliced[] {
  return [
    { name: "all", whole: true, metrics: evaluation.metrics },
    ...evaluation.slices.map((slice) => ({
      name: Object.entries(slice.group)
        .map(([name, value]) => `${name} = ${value}`)
        .join(", "),
      whole: false,
      metrics: slice.metrics,
    })),
  ];
}
