import { difference } from "../../format/number";
import { type Comparison, type Row, type Section, shown, textOf } from "./sections";

type Cell = string | number | null;

/** The comparison as rows for a spreadsheet: section, name, and a column for each version. */
export function spreadsheet(comparison: Comparison, sections: readonly Section[], all: boolean): Cell[][] {
  return [
    ["section", "name", ...comparison.versions.map(({ number }) => `version ${number}`)],
    ...sections.flatMap((section) =>
      shown(section, all).map((row) => [section.title, row.name, ...row.values.map(cell)]),
    ),
  ];
}

function cell(value: unknown): Cell {
  return typeof value === "number" ? value : textOf(value);
}

/** The comparison as a table in Markdown, for a pull request or a chat. */
export function markdown(comparison: Comparison, sections: readonly Section[], all: boolean): string {
  const heads = comparison.versions.map(({ number, label }) => `version ${number}${label ? ` (${label})` : ""}`);
  const lines = sections.flatMap((section) => {
    const rows = shown(section, all);
    return rows.length === 0
      ? []
      : [line([`**${section.title}**`, ...heads.map(() => "")]), ...rows.map((row) => line([row.name, ...cells(row)]))];
  });
  return [
    `Comparison of ${comparison.model}`,
    "",
    line(["", ...heads]),
    line(["---", ...heads.map(() => "---:")]),
    ...lines,
    "",
  ].join("\n");
}

function cells(row: Row): string[] {
  if (row.kind !== "metric") {
    return row.values.map((value) => textOf(value) ?? "—");
  }
  const base = row.values[0] ?? null;
  return row.values.map((value, place) => {
    if (value === null) {
      return "—";
    }
    return place === 0 || base === null ? String(value) : `${value} (${difference(base, value)})`;
  });
}

function line(texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ")).join(" | ")} |`;
}
