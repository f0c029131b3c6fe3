import { useEffect } from "react";

interface Pages {
  hasNextPage: boolean;
  isFetching: boolean;
  isError: boolean;
  fetchNextPage: () => unknown;
  data: { pages: readonly unknown[] } | undefined;
}

// A page that filters may be empty although there is more. Past this many, the reader decides.
const AT_ONCE = 5;

/** Goes on reading pages until there is enough to show, or a few pages were read. */
export function useMore(query: Pages, found: number, wanted: number): void {
  const { hasNextPage, isFetching, isError, fetchNextPage, data } = query;
  const pages = data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && found < wanted && pages < AT_ONCE) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetching, isError, fetchNextPage, found, wanted, pages]);
}
