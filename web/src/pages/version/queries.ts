import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";

export type VersionOverview = Document<"VersionOverviewView">;
export type NextMove = Document<"NextMoveView">;

/** A version at a glance, compared with the one that serves. */
export function versionOverview(model: string, version: string) {
  return queryOptions({
    queryKey: ["model", model, "version", version, "overview"],
    queryFn: () =>
      answered(api.GET("/v1/models/{model}/versions/{version}/overview", { params: { path: { model, version } } })),
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
