import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document, TransitionRequest } from "../../api/documents";
import { isClosed } from "./duties";

export type Standing = Document<"RequestExplanationView">;
export type Comparison = Document<"ComparisonView">;

const AGAIN_MS = 15_000;

/** A request, judged as of now. Asked again while it is open: others vote, and the registry executes by itself. */
export function standingOf(model: string, request: string) {
  return queryOptions({
    queryKey: ["model", model, "request", request],
    queryFn: () =>
      answered(api.GET("/v1/models/{model}/requests/{request}/standing", { params: { path: { model, request } } })),
    refetchInterval: (query) =>
      query.state.data !== undefined && !isClosed(query.state.data.request) ? AGAIN_MS : false,
  });
}

/** A version beside another one. */
export function comparisonOf(model: string, base: number, version: number) {
  const versions = `${base},${version}`;
  return queryOptions({
    queryKey: ["model", model, "compare", versions],
    queryFn: () =>
      answered(api.GET("/v1/models/{model}/compare", { params: { path: { model }, query: { versions } } })),
  });
}

/** What has to be read again after a vote or a move. */
export function touched({ model }: Pick<TransitionRequest, "model">) {
  return [["model", model], ["inbox"]] as const;
}
