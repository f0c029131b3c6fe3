import type { ReactNode } from "react";
import { Button } from "./Button";
import { Skeleton } from "./Loaded";
import { ProblemNotice } from "./Notice";
import type { Paged } from "./paged";
import { type Column, Table } from "./Table";
import "./PagedTable.css";

interface PagedTableProps<T> {
  caption: string;
  columns: Column<T>[];
  list: Paged<T>;
  rowKey: (row: T) => string | number;
  empty: ReactNode;
}

/** A table of a list that is read in pages, with a button for the next one. */
export function PagedTable<T>({ caption, columns, list, rowKey, empty }: PagedTableProps<T>) {
  const { rows, pages } = list;
  if (pages.isPending) {
    return (
      <div className="paged-inset">
        <Skeleton lines={4} />
      </div>
    );
  }
  return (
    <>
      {(rows.length > 0 || !(pages.hasNextPage || pages.isError)) && (
        <Table caption={caption} columns={columns} rows={rows} rowKey={rowKey} empty={empty} />
      )}
      <More list={list} />
    </>
  );
}

/** What stands below the rows of a list: the button for more, or why they could not be read. */
export function More<T>({ list: { pages } }: { list: Paged<T> }) {
  if (pages.isError) {
    return (
      <div className="paged-inset">
        <ProblemNotice
          error={pages.error}
          retry={() => void (pages.isFetchNextPageError ? pages.fetchNextPage() : pages.refetch())}
        />
      </div>
    );
  }
  if (!pages.hasNextPage) {
    return null;
  }
  return (
    <div className="paged-more no-print">
      <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        {pages.isFetchingNextPage ? "Looking for more …" : "Show more"}
      </Button>
    </div>
  );
}
