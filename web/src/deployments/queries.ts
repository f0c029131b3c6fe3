import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import type { Document } from "../api/documents";
import type { PageQuery } from "../ui/paged";

export type Place = Document<"PlaceView">;
export type Deployment = Document<"DeploymentView">;
export type Status = Deployment["status"];

export const STATUSES: readonly Status[] = [
  "pending",
  "in_progress",
  "succeeded",
  "failed",
  "rolled_back",
  "superseded",
];

/** The key under which everything about the deployments of a model is kept. */
export function deploymentsKey(model: string) {
  return ["model", model, "deployments"];
}

/** Where a model is deployed: what is wanted on each target, and what is served there. */
export function placesOf(model: string) {
  return queryOptions({
    queryKey: [...deploymentsKey(model), "places"],
    queryFn: () => answered(api.GET("/v1/models/{model}/targets", { params: { path: { model } } })),
  });
}

/** The deployments of a model, the newest first. A page may be empty although there is more. */
export function deploymentsOf(model: string, target: string | undefined, status: Status | undefined) {
  return (page: PageQuery) =>
    answered(
      api.GET("/v1/models/{model}/deployments", {
        params: {
          path: { model },
          query: {
            ...page,
            ...(target === undefined ? {} : { target }),
            ...(status === undefined ? {} : { status }),
          },
        },
      }),
    );
}

export function deploymentOf(model: string, deployment: string) {
  return queryOptions({
    queryKey: [...deploymentsKey(model), deployment],
    queryFn: () =>
      answered(api.GET("/v1/models/{model}/deployments/{deployment}", { params: { path: { model, deployment } } })),
  });
}
