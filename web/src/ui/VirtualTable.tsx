import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { singleKeys, usePageKeys } from "./keys";
import { Skeleton } from "./Loaded";
import { ProblemNotice } from "./Notice";
import { Scroller } from "./Scroller";
import type { Column } from "./Table";
import "./Table.css";
import "./VirtualTable.css";

const ROW_PX = 36;
// At most sixty rows are in the document, also on the tallest screens.
const AHEAD_ROWS = 4;
// The next page is asked for when the last row is this many rows away.
const NEAR_THE_END = 30;

/** Pages of rows, as `useInfiniteQuery` gives them. */
export interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
  isPending: boolean;
  error: unknown;
  refetch: () => unknown;
}

interface VirtualTableProps<T> {
  caption: string;
  columns: Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string | number;
  pages: Pages;
  /** What stands in place of rows if there are none. */
  empty: ReactNode;
  /** Opens a row, on Enter. */
  onOpen?: (row: T) => void;
  /** Shows a row's details without leaving, on Space. */
  onPeek?: (row: T) => void;
  /** Selects a row or takes it out of the selection, on x. */
  onSelect?: (row: T) => void;
  /** What other single keys do to the row that `j` and `k` move to. */
  rowKeys?: Record<string, (row: T) => void>;
  selected?: ReadonlySet<string | number>;
}

/** A table of any length: only the rows in sight are in the document, and pages are read as they come near. */
export function VirtualTable<T>(props: VirtualTableProps<T>) {
  const { caption, columns, rows, rowKey, pages, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: AHEAD_ROWS,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && last >= rows.length - NEAR_THE_END) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, last, rows.length]);

  function moveTo(index: number) {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(next);
    virtual.scrollToIndex(next);
    scroller.current?.focus({ preventScroll: true });
  }
  usePageKeys({ j: () => moveTo(current + 1), k: () => moveTo(current - 1) });
  function pressed(event: KeyboardEvent) {
    const row = rows[current];
    // Keys on a link or button inside a row are that link's.
    if (row === undefined || event.target !== scroller.current || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const extra = singleKeys() ? props.rowKeys?.[event.key] : undefined;
    const acts = new Map<string, (() => void) | undefined>([
      ["ArrowDown", () => moveTo(current + 1)],
      ["ArrowUp", () => moveTo(current - 1)],
      ["Home", () => moveTo(0)],
      ["End", () => moveTo(rows.length - 1)],
      ["Enter", props.onOpen && (() => props.onOpen?.(row))],
      [" ", props.onPeek && (() => props.onPeek?.(row))],
      ["x", props.onSelect && (() => props.onSelect?.(row))],
    ]);
    const act = acts.get(event.key) ?? (extra && (() => extra(row)));
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }

  if (rows.length === 0 && !hasNextPage) {
    if (pages.error !== null) {
      return <ProblemNotice error={pages.error} retry={() => void pages.refetch()} />;
    }
    return pages.isPending ? <Skeleton lines={8} /> : empty;
  }
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <>
      <Scroller ref={scroller} label={caption} className="virtual" onKeyDown={pressed}>
        <table className="table" aria-rowcount={hasNextPage ? -1 : rows.length + 1}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  className={column.align === "end" ? "table-number" : undefined}
                  aria-sort={column.sorted}
                >
                  {column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Spacer height={before} columns={columns.length} />
            {items.map((item) => {
              const row = rows[item.index];
              if (row === undefined) {
                return null;
              }
              const key = rowKey(row);
              return (
                <tr
                  key={key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  aria-rowindex={item.index + 2}
                  data-current={item.index === current || undefined}
                  data-selected={props.selected?.has(key) || undefined}
                >
                  {columns.map((column) => (
                    <td key={column.key} className={column.align === "end" ? "table-number" : undefined}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              );
            })}
            <Spacer height={after} columns={columns.length} />
          </tbody>
        </table>
      </Scroller>
      <p className="virtual-foot muted" role="status">
        {foot(rows.length, pages)}
      </p>
      {pages.error !== null && (
        <ProblemNotice
          error={pages.error}
          retry={() => void (isFetchNextPageError ? fetchNextPage() : pages.refetch())}
        />
      )}
    </>
  );
}

function foot(rows: number, { isFetchingNextPage, hasNextPage }: Pages): string {
  const shown = `${rows.toLocaleString("en-US")} ${rows === 1 ? "row" : "rows"}`;
  if (isFetchingNextPage) {
    return `${shown}, still looking …`;
  }
  return hasNextPage ? `${shown}, and more` : shown;
}

/** A row of the height of all rows that are not in the document, so that the scroll bar tells the truth. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  return height > 0 ? (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row cannot have the focus
    <tr aria-hidden="true" className="virtual-spacer">
      <td colSpan={columns} style={{ blockSize: height }} />
    </tr>
  ) : null;
}
