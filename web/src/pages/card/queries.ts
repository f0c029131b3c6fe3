import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import type { PageQuery } from "../../ui/paged";

export type Card = Document<"CardView">;
export type Revision = Document<"CardRevisionView">;

/** A card, or one of its revisions. */
export function cardOf(model: string, revision?: number) {
  return queryOptions({
    queryKey: ["model", model, "card", revision ?? "newest"],
    queryFn: () =>
      answered(
        api.GET("/v1/models/{model}/card", {
          params: { path: { model }, query: revision === undefined ? {} : { revision } },
        }),
      ),
    // A revision never changes.
    ...(revision === undefined ? {} : { staleTime: Number.POSITIVE_INFINITY }),
  });
}

export function revisionsOf(model: string) {
  return (query: PageQuery) =>
    answered(api.GET("/v1/models/{model}/card/revisions", { params: { path: { model }, query } }));
}

/** A revision's number in the address; undefined if there is none. */
export function revisionIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
