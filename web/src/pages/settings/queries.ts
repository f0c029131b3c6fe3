import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document, Model } from "../../api/documents";
import { type Tagged, tagged } from "../../api/tags";
import type { PageQuery } from "../../ui/paged";

export type Rule = Document<"PromotionRuleView">;
export type Retention = Document<"RetentionView">;
export type AssignedScheme = Document<"AssignedSchemeView">;
export type DeletedVersion = Document<"DeletedVersionView">;
export type ExpiredVersion = Document<"ExpiredVersionView">;

/** A model with its ETag. */
export type OpenModel = Tagged<Model>;

export function modelOf(model: string) {
  return queryOptions({
    queryKey: ["model", model, "settings"],
    queryFn: () => tagged(api.GET("/v1/models/{model}", { params: { path: { model } } })),
  });
}

/** The scheme that judges a model, and whether it gets later versions. */
export function assignedScheme(model: string) {
  return queryOptions({
    queryKey: ["model", model, "scheme"],
    queryFn: () => answered(api.GET("/v1/models/{model}/scheme", { params: { path: { model } } })),
  });
}

export function deletedVersions(model: string) {
  return (query: PageQuery) =>
    answered(api.GET("/v1/models/{model}/deleted-versions", { params: { path: { model }, query } }));
}

/** The versions that the retention rule would delete now. */
export function retentionPreview(model: string) {
  return (query: PageQuery) =>
    answered(api.GET("/v1/models/{model}/retention/preview", { params: { path: { model }, query } }));
}
