import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";

export type LineagePage = Document<"LineageView">;
export type LineageNode = Document<"NodeView">;
export type Edge = Document<"EdgeView">;
export type Recipe = Document<"RecipeView">;
export type Direction = "up" | "down" | "both";
/** What things that versions share can be asked for by. */
export type SharedKind = Exclude<LineageNode["kind"], "version" | "place">;

/** How many nodes a page has. */
const PAGE = 40;

/** What a version comes from, what came of it, or both, the nearest first. */
export function lineageOf(model: string, version: string, direction: Direction) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "version", version, "lineage", direction],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/models/{model}/versions/{version}/lineage", {
          params: { path: { model, version }, query: { direction, ...paging(pageParam) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** A dataset, or another thing that versions share, as the address names it. */
export interface Shared {
  kind: SharedKind;
  name: string;
  digest?: string;
  version?: string;
  commit?: string;
  revision?: string;
}

/** The same for what versions share. */
export function sharedLineageOf(shared: Shared, direction: Direction) {
  return infiniteQueryOptions({
    queryKey: ["lineage", shared, direction],
    queryFn: ({ pageParam }) =>
      answered(api.GET("/v1/lineage", { params: { query: { ...shared, direction, ...paging(pageParam) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

function paging(cursor: string) {
  return { limit: PAGE, ...(cursor === "" ? {} : { cursor }) };
}

/** What is recorded to make a version again, and what is missing. */
export function recipeOf(model: string, version: string) {
  return queryOptions({
    queryKey: ["model", model, "version", version, "reproducibility"],
    queryFn: () =>
      answered(
        api.GET("/v1/models/{model}/versions/{version}/reproducibility", { params: { path: { model, version } } }),
      ),
  });
}
