import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { tagged } from "../../api/tags";
import type { PageQuery } from "../../ui/paged";

export type Target = Document<"TargetView">;

export const TARGETS = ["targets"];

export function listTargets(query: PageQuery) {
  return answered(api.GET("/v1/targets", { params: { query } }));
}

export function targetOf(target: string) {
  return queryOptions({
    queryKey: [...TARGETS, target],
    queryFn: () => tagged(api.GET("/v1/targets/{target}", { params: { path: { target } } })),
  });
}

/** What a target serves, model by model. */
export function placesOn(target: string) {
  return (query: PageQuery) =>
    answered(api.GET("/v1/targets/{target}/models", { params: { path: { target }, query } }));
}
