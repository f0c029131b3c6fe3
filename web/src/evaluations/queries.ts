import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import type { Document } from "../api/documents";
import { inList } from "../api/listed";
import type { PageQuery } from "../ui/paged";

export type Evaluation = Document<"EvaluationView">;
export type RecordedEvaluation = Document<"RecordedEvaluationView">;
export type Slice = Evaluation["slices"][number];
export type Point = Document<"PointView">;

/** How many evaluations a series has at most. */
const SERIES_LIMIT = 500;

/** Every evaluation that was recorded of a version under a name, the newest first. */
export function historyOf(model: string, version: string, evaluation: string) {
  return (query: PageQuery) =>
    answered(
      api.GET("/v1/models/{model}/versions/{version}/evaluations/{evaluation}/history", {
        params: { path: { model, version, evaluation }, query },
      }),
    );
}

/** A metric of the evaluations of a name over time; of all versions, or of one. Until it is there, what was read before. */
export function seriesOf(model: string, evaluation: string, metric: string, version: number | undefined) {
  return queryOptions({
    queryKey: ["model", model, "evaluations", evaluation, "series", metric, version ?? "all"],
    queryFn: async () => {
      const series = await answered(
        api.GET("/v1/models/{model}/evaluations/{evaluation}/series", {
          params: {
            path: { model, evaluation },
            query: { metrics: inList(metric), limit: SERIES_LIMIT, ...(version === undefined ? {} : { version }) },
          },
        }),
      );
      return { metric, points: series.metrics[metric] ?? [] };
    },
    placeholderData: keepPreviousData,
  });
}
