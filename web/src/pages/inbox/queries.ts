import { infiniteQueryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";

export type Waiting = Document<"WaitingView">;

/** Whose requests an inbox shows: those that wait for the caller, those that the caller opened, or all. */
export type Whose = "me" | "mine" | "all";

const PAGE = 50;
const AGAIN_MS = 15_000;

/** The open requests of all models, the next due first. */
export function inboxOf(whose: Whose) {
  return infiniteQueryOptions({
    queryKey: ["inbox", whose],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/inbox", {
          params: { query: { for: whose, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // Others vote meanwhile. A long list, which takes several calls, is only asked for again when it is looked at.
    refetchInterval: (query) => (query.state.data?.pages.length === 1 ? AGAIN_MS : false),
  });
}
