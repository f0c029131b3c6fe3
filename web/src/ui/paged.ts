import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";

/** A page of a list, as the API answers. */
export interface ListPage<T> {
  items: T[];
  next_cursor: string | null;
}

/** What a list's call takes beside its own filters. */
export interface PageQuery {
  limit: number;
  cursor?: string;
}

/** A list that is read in pages. Pages that come empty although more follow are gone past. */
export function usePaged<T>(queryKey: QueryKey, read: (query: PageQuery) => Promise<ListPage<T>>, limit = 50) {
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read({ limit, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const last = pages.data?.pages.at(-1);
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = pages;
  // A list that spans models may come in short pages: a first look shows what one page would have held.
  const short = last !== undefined && (pages.data?.pages.flatMap((page) => page.items).length ?? 0) < SHOWN_AT_ONCE;
  useEffect(() => {
    if (short && hasNextPage && !isFetching && !isFetchNextPageError) {
      void fetchNextPage();
    }
  }, [short, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  return { rows: pages.data?.pages.flatMap((page) => page.items) ?? [], pages };
}

const SHOWN_AT_ONCE = 20;

export type Paged<T> = ReturnType<typeof usePaged<T>>;
