import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { scanInterval } from "../../scanning/clearance";

export type VersionOverview = Document<"VersionOverviewView">;
export type NextMove = Document<"NextMoveView">;

/** A version at a glance, compared with the one that serves. It is asked for again while its scan is pending. */
export function versionOverview(model: string, version: string) {
  return queryOptions({
    queryKey: ["model", model, "version", version, "overview"],
    queryFn: () =>
      answered(api.GET("/v1/models/{model}/versions/{version}/overview", { params: { path: { model, version } } })),
    refetchInterval: ({ state }) => scanInterval(state.data?.version.scan),
  });
}

/** Every next move of a version, and why it may not be made. */
export function nextMoves(model: string, version: string) {
  return queryOptions({
    queryKey: ["model", model, "version", version, "transitions"],
    queryFn: () =>
      answered(api.GET("/v1/models/{model}/versions/{version}/transitions", { params: { path: { model, version } } })),
  });
}

/** What changed of a version, the newest first. A page may be empty although there is more. */
export function changesOf(model: string, version: number) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "version", String(version), "changes"],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/models/{model}/changes", {
          params: { path: { model }, query: { version, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Who uses a version. */
export function usageOf(model: string, version: number) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "version", String(version), "usage"],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/models/{model}/versions/{version}/usage", {
          params: {
            path: { model, version: String(version) },
            query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
