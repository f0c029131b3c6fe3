import { infiniteQueryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";

export type Place = Document<"AsOfView">;

const PAGE = 100;

/** Where every pointer of a model stood at a time. */
export function placesAt(model: string, time: string) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "as-of", time],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/models/{model}/as-of", {
          params: { path: { model }, query: { time, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The events of a model, the newest first. */
export function eventsOf(model: string) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "events"],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/models/{model}/events", {
          params: {
            path: { model },
            query: { order: "newest", limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
