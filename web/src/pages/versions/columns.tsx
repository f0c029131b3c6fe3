import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import type { Version } from "../../api/documents";
import { type Field, written } from "../../format/fields";
import { clearanceOf } from "../../scanning/clearance";
import { VerdictBadge } from "../../scanning/VerdictBadge";
import { Alias, Person, Stage, Tag, VersionLink } from "../../ui/Badges";
import { Metric } from "../../ui/Metric";
import { type Sorted, SortHead } from "../../ui/SortHead";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { looks, type Overview } from "../model/queries";
import { firstDirection, orderOf, sortable } from "./order";

/** The facts of a version that can be a column, with their names for readers. */
export const FACTS: Record<string, { head: string; cell: (version: Version) => ReactNode }> = {
  created_at: { head: "Registered", cell: (version) => <Time at={version.created_at} /> },
  created_by: { head: "Registered by", cell: (version) => <Person name={version.created_by} /> },
  author: { head: "Author", cell: ({ provenance }) => text(provenance.author) },
  updated_at: { head: "Changed", cell: (version) => <Time at={version.revised_at} /> },
  run_id: { head: "Run", cell: ({ provenance }) => text(part(provenance.run, "id")) },
  source_commit: { head: "Commit", cell: ({ provenance }) => text(part(provenance.source, "commit")) },
  framework: {
    head: "Framework",
    cell: ({ framework }) => text(framework && `${framework.name ?? ""} ${framework.version ?? ""}`),
  },
  task: { head: "Task", cell: ({ task }) => text(task) },
  description: { head: "Description", cell: ({ description }) => text(description || null) },
};

// A row has one line: the version's own page has all of them.
const ALIASES = 2;

interface Sorting {
  order: string;
  onSort: (field: string, sorted: Sorted) => void;
}

interface Shown extends Sorting {
  glance: Overview | undefined;
  fields: readonly Field[];
  select: (version: Version) => ReactNode;
}

/** The columns of the table: those that are always there, then those that the reader chose. */
export function columnsOf({ glance, fields, select, ...sorting }: Shown): Column<Version>[] {
  const look = glance === undefined ? {} : looks(glance.stages);
  return [
    { key: "select", head: <span className="visually-hidden">Selected</span>, cell: select },
    {
      ...head({ name: "version", key: null }, "Version", glance, sorting),
      cell: (version) => <VersionLink model={version.model} version={version.number} label={version.label} />,
    },
    {
      key: "stage",
      head: "Stage",
      cell: (version) => (
        <span className="versions-badges">
          <Stage name={version.stage} look={look[version.stage]} />
          {version.status === "PENDING" && <span className="pending">uploading</span>}
          <VerdictBadge clearance={clearanceOf(version.scan)} />
          {version.locked !== null && <Lock className="versions-lock" aria-label="locked" />}
          {version.aliases.slice(0, ALIASES).map((name) => (
            <Alias key={name} name={name} />
          ))}
          {version.aliases.length > ALIASES && (
            <span className="muted" title={version.aliases.join(", ")}>
              +{version.aliases.length - ALIASES}
              <span className="visually-hidden"> aliases</span>
            </span>
          )}
        </span>
      ),
    },
    ...fields.map((field) => chosen(field, glance, sorting)),
  ];
}

function chosen(field: Field, glance: Overview | undefined, sorting: Sorting): Column<Version> {
  const { name, key } = field;
  if (key === null) {
    const fact = FACTS[name];
    return { ...head(field, fact?.head ?? name, glance, sorting), cell: (version) => fact?.cell(version) ?? "—" };
  }
  if (name === "metrics") {
    const champion = glance?.champion;
    return {
      ...head(field, key, glance, sorting),
      align: "end",
      cell: (version) => (
        <Metric
          value={version.metrics[key]}
          base={version.number === champion?.number ? undefined : champion?.metrics[key]}
          direction={glance?.directions[key]}
        />
      ),
    };
  }
  if (name === "tags") {
    return { ...head(field, key, glance, sorting), cell: ({ tags }) => tagged(key, tags[key]) };
  }
  const align = name === "parameters" ? { align: "end" as const } : {};
  return {
    ...head(field, key, glance, sorting),
    ...align,
    cell: (version) => text(name === "parameters" ? version.parameters[key] : undefined),
  };
}

function head(field: Field, name: string, glance: Overview | undefined, { order, onSort }: Sorting) {
  const id = written(field);
  if (!sortable(field)) {
    return { key: id, head: <span title={id}>{name}</span> };
  }
  const now = orderOf(order);
  const sorted = now.field === id ? now.sorted : undefined;
  return {
    key: id,
    head: (
      <SortHead
        name={name}
        sorted={sorted}
        first={firstDirection(field, glance?.directions ?? {})}
        onSort={(next) => onSort(id, next)}
      />
    ),
    sorted,
  };
}

function tagged(name: string, value: string | undefined): ReactNode {
  return value === undefined ? text(null) : <Tag name={name} value={value} />;
}

function part(document: unknown, name: string): unknown {
  return typeof document === "object" && document !== null ? (document as Record<string, unknown>)[name] : null;
}

function text(value: unknown): ReactNode {
  if (value === null || value === undefined) {
    return <span className="muted">—</span>;
  }
  const shown = String(value);
  return <span title={shown}>{shown}</span>;
}
