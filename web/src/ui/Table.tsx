import type { ReactNode } from "react";
import { Scroller } from "./Scroller";
import "./Table.css";

export interface Column<T> {
  /** Unique among the columns. */
  key: string;
  head: ReactNode;
  cell: (row: T) => ReactNode;
  /** Numbers stand at the right, so that their digits align. */
  align?: "end";
  /** Whether the column takes what the others leave. */
  wide?: boolean;
  /** How the rows are sorted by this column, if they are. */
  sorted?: "ascending" | "descending" | undefined;
}

interface TableProps<T> {
  caption: string;
  columns: Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string | number;
  /** What stands in place of rows if there are none. */
  empty?: ReactNode;
}

/** A table of a few rows. It scrolls sideways by itself, so that the page never does. */
export function Table<T>({ caption, columns, rows, rowKey, empty }: TableProps<T>) {
  if (rows.length === 0 && empty !== undefined) {
    return empty;
  }
  return (
    <Scroller label={caption} className="table-scroll">
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={classOf(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function classOf(column: { align?: "end"; wide?: boolean }): string {
  return [column.align === "end" ? "table-number" : "", column.wide ? "table-wide" : ""].join(" ").trim();
}

/** Names and values, one under the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
