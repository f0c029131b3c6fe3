import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { type Tagged, tagged } from "../../api/tags";
import type { PageQuery } from "../../ui/paged";

export type SavedScheme = Document<"SavedSchemeView">;
export type SchemeBody = Document<"SchemeBody">;
export type Simulation = Document<"SimulationView">;

export const SCHEMES = ["schemes"];

export function listSchemes(query: PageQuery) {
  return answered(api.GET("/v1/schemes", { params: { query } }));
}

/** A scheme as its page has it. */
export type OpenScheme = Tagged<SavedScheme>;

/** A scheme, or an earlier version of it. */
export function schemeOf(scheme: string, version?: number) {
  return queryOptions({
    queryKey: [...SCHEMES, scheme, version ?? "newest"],
    queryFn: () =>
      tagged(
        api.GET("/v1/schemes/{scheme}", {
          params: { path: { scheme }, query: version === undefined ? {} : { version } },
        }),
      ),
  });
}

export const defaultScheme = queryOptions({
  queryKey: [...SCHEMES, "default of new models"],
  queryFn: () => answered(api.GET("/v1/default-scheme")),
});

/** The body that saves a document: its name and version stand in the path, or are given by the registry. */
export function bodyOf(document: Record<string, unknown>): SchemeBody {
  const { name: _, version: __, ...body } = document;
  return body as unknown as SchemeBody;
}
