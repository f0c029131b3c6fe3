import type { Document } from "../../api/documents";
import type { Verdict } from "../../evaluations/verdict";
import { groupName } from "../../evaluations/words";
import type { Direction } from "../../format/number";

export type Comparison = Document<"ComparisonView">;

/** One line of a comparison: a name, and what each version has there. Null: nothing. */
export type Row = { name: string; differs: boolean } & (
  | { kind: "metric"; values: (number | null)[]; direction: Direction | undefined; verdicts: (Verdict | null)[] }
  | { kind: "check" | "text" | "digest"; values: unknown[] }
);

export interface Section {
  title: string;
  rows: Row[];
  /** Whether the section was too long to be given whole. */
  cut: boolean;
}

type Measures = Comparison["metrics"];
type Directions = Comparison["directions"];

/** The parts of a comparison in the order in which people decide: results first, then what made them. */
export function sectionsOf(comparison: Comparison): Section[] {
  const { directions, truncated } = comparison;
  const section = (title: string, name: string, rows: Row[]): Section => ({
    title,
    rows,
    cut: truncated.includes(name),
  });
  const texts = (name: TextSection): Section =>
    section(
      TEXTS[name],
      name,
      comparison[name].map((row) => ({ ...row, kind: name === "files" ? "digest" : "text", differs: true })),
    );
  return [
    section("Metrics", "metrics", measured(comparison.metrics, directions)),
    ...comparison.evaluations.map((evaluation) =>
      section(`Evaluation ${evaluation.name}`, "evaluations", evaluated(evaluation, directions)),
    ),
    section(
      "Checks",
      "checks",
      comparison.checks.map(({ name, values }) => ({ kind: "check", name, values, differs: differ(values) })),
    ),
    texts("parameters"),
    texts("provenance"),
    texts("datasets"),
    texts("requirements"),
    texts("framework"),
    texts("signature"),
    texts("files"),
  ];
}

/** The sections of which the API gives only the rows that differ. */
const TEXTS = {
  parameters: "Parameters",
  provenance: "Provenance",
  datasets: "Datasets",
  requirements: "Requirements",
  framework: "Framework",
  signature: "Signature",
  files: "Files",
};
type TextSection = keyof typeof TEXTS;

function measured(measures: Measures, directions: Directions, slice = ""): Row[] {
  return measures.map(({ name, values, verdicts = [] }) => ({
    kind: "metric",
    name: slice === "" ? name : `${name} · ${slice}`,
    values,
    direction: directions[name],
    verdicts,
    differs: differ(values),
  }));
}

function evaluated(evaluation: Comparison["evaluations"][number], directions: Directions): Row[] {
  const { datasets, kinds, metrics, slices } = evaluation;
  return [
    { kind: "text", name: "Kind", values: kinds, differs: differ(kinds) },
    { kind: "text", name: "Dataset", values: datasets.map(dataset), differs: differ(datasets) },
    ...measured(metrics, directions),
    ...slices.flatMap(({ group, metrics: sliced }) => measured(sliced, directions, groupName(group))),
  ];
}

function dataset(set: Comparison["evaluations"][number]["datasets"][number]): string | null {
  return set === null ? null : [set.name, set.version, set.digest].filter((part) => part !== null).join(" ");
}

function differ(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size > 1;
}

/** The rows to show: those that differ, or all. */
export function shown(section: Section, all: boolean): Row[] {
  return all ? section.rows : section.rows.filter((row) => row.differs);
}

/** How many rows are hidden as long as only differences are shown. */
export function equalRows(sections: readonly Section[]): number {
  return sections.reduce((sum, { rows }) => sum + rows.filter((row) => !row.differs).length, 0);
}

/** A value of any kind as text; null if the version has none. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (Array.isArray(value)) {
    return value.map((one) => textOf(one) ?? "—").join("; ");
  }
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([name, part]) => `${name} ${textOf(part)}`)
      .join(", ");
  }
  return String(value);
}
