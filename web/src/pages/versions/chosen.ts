import type { Version } from "../../api/documents";
import { type Field, listedFields, writtenList } from "../../format/fields";
import type { Overview } from "../model/queries";

const NONE = "none";
const USUAL_METRICS = 3;
const USUAL_FACTS = ["created_at", "created_by"];

/** The columns that the address names; if it names none, those that most readers want. */
export function fieldsShown(cols: string | undefined, glance: Overview | undefined, rows: readonly Version[]): Field[] {
  if (cols === NONE) {
    return [];
  }
  if (cols !== undefined && cols !== "") {
    return listedFields(cols);
  }
  const metrics = Object.keys(glance?.champion?.metrics ?? rows[0]?.metrics ?? {}).sort();
  return [
    ...metrics.slice(0, USUAL_METRICS).map((key) => ({ name: "metrics", key })),
    ...USUAL_FACTS.map((name) => ({ name, key: null })),
  ];
}

/** How the address names a choice of columns. */
export function fieldsText(fields: readonly Field[]): string {
  return fields.length === 0 ? NONE : writtenList(fields);
}

/** The names that versions use, by kind. */
export interface Names {
  metrics: string[];
  parameters: string[];
  tags: string[];
}

/** Every metric, parameter and tag of these versions. */
export function namesIn(rows: readonly Version[]): Names {
  const all = (of: (version: Version) => object) => [...new Set(rows.flatMap((row) => Object.keys(of(row))))].sort();
  return { metrics: all((row) => row.metrics), parameters: all((row) => row.parameters), tags: all((row) => row.tags) };
}

/** The numbers of the versions that the address names as selected. */
export function selection(text: string | undefined): number[] {
  const numbers = (text ?? "").split(",").map(Number);
  return [...new Set(numbers.filter((number) => Number.isSafeInteger(number) && number > 0))];
}

/** The selection with one version more, or without it if it was selected. */
export function toggled(selected: readonly number[], number: number): string {
  const rest = selected.filter((one) => one !== number);
  return (rest.length === selected.length ? [...selected, number] : rest).join(",");
}
