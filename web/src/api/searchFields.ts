import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";
import type { Document } from "./documents";

/** A field that a filter can name, with the keys and values that were seen. */
export type SearchField = Document<"SearchFieldView">;

/** What is searched: versions or models, of one model or of all. */
export interface Searched {
  of: "versions" | "models";
  model?: string;
}

const FRESH_MS = 300_000;

/** What a filter may name. New metrics are rare, so an answer is good for some minutes. */
export function searchFields({ of, model }: Searched) {
  return queryOptions({
    queryKey: ["search-fields", of, model ?? null],
    queryFn: () =>
      answered(api.GET("/v1/search/fields", { params: { query: { of, ...(model === undefined ? {} : { model }) } } })),
    staleTime: FRESH_MS,
  });
}
