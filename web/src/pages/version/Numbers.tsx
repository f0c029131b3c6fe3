import { useState } from "react";
import { many } from "../../format/words";
import { Pointer, VersionLink } from "../../ui/Badges";
import { Tick } from "../../ui/Field";
import { Metric } from "../../ui/Metric";
import { type Column, Table } from "../../ui/Table";
import type { VersionOverview } from "./queries";

/** The metrics, each with its difference from the version that serves. */
export function Metrics({ glance }: { glance: VersionOverview }) {
  const { version, compared_to: base, directions } = glance;
  const names = [...new Set([...Object.keys(version.metrics), ...Object.keys(base?.version.metrics ?? {})])].sort();
  const columns: Column<string>[] = [
    { key: "name", head: "Metric", cell: (name) => name, wide: true },
    {
      key: "value",
      head: "This version",
      cell: (name) => (
        <Metric value={version.metrics[name]} base={base?.version.metrics[name]} direction={directions[name]} />
      ),
      align: "end",
    },
  ];
  if (base !== null) {
    columns.push({
      key: "base",
      head: <VersionLink model={version.model} version={base.version.number} />,
      cell: (name) => <Metric value={base.version.metrics[name]} />,
      align: "end",
    });
  }
  return (
    <>
      {base !== null && (
        <p className="muted">
          Compared with <Pointer name={base.pointer} />{" "}
          <VersionLink model={version.model} version={base.version.number} label={base.version.label} />
        </p>
      )}
      <Table
        caption="Metrics"
        columns={columns}
        rows={names}
        rowKey={(name) => name}
        empty={
          <p className="muted">
            No metrics were recorded. Register with <code>--metric auc=0.94</code>.
          </p>
        }
      />
    </>
  );
}

interface Parameter {
  name: string;
  value: unknown;
  base: unknown;
}

/** The parameters; beside the version that serves, those that differ first and the equal ones folded away. */
export function Parameters({ glance }: { glance: VersionOverview }) {
  const [all, setAll] = useState(false);
  const { version, compared_to: base, differences } = glance;
  const changed = new Map(differences?.parameters.map(({ name, values }) => [name, values]));
  const rows: Parameter[] = [
    ...[...changed].map(([name, [before, after]]) => ({ name, value: after, base: before })),
    ...Object.entries(version.parameters)
      .filter(([name]) => !changed.has(name))
      .map(([name, value]) => ({ name, value, base: value })),
  ];
  const equal = rows.length - changed.size;
  const shown = base === null || all ? rows : rows.filter(({ name }) => changed.has(name));
  const columns: Column<Parameter>[] = [
    { key: "name", head: "Parameter", cell: ({ name }) => <code>{name}</code> },
    ...(base === null
      ? []
      : [
          {
            key: "base",
            head: `Version ${base.version.number}`,
            cell: (row: Parameter) => (changed.has(row.name) ? <del>{text(row.base)}</del> : text(row.base)),
          },
        ]),
    {
      key: "value",
      head: "This version",
      cell: (row) => (changed.has(row.name) ? <ins>{text(row.value)}</ins> : text(row.value)),
      wide: true,
    },
  ];
  return (
    <>
      {base !== null && equal > 0 && (
        <div className="no-print">
          <Tick label={`Show ${many(equal, "equal parameter")} too`} checked={all} onChange={() => setAll(!all)} />
        </div>
      )}
      <Table
        caption="Parameters"
        columns={columns}
        rows={shown}
        rowKey={({ name }) => name}
        empty={
          <p className="muted">
            {rows.length === 0 ? "No parameters were recorded." : "No parameter differs from the version that serves."}
          </p>
        }
      />
    </>
  );
}

function text(value: unknown): string {
  return value === null || value === undefined ? "—" : typeof value === "string" ? value : JSON.stringify(value);
}
