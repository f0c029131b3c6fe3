import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { inList } from "../../api/listed";
import type { Direction } from "../../format/number";
import type { StageLook } from "../../ui/Badges";

export type Overview = Document<"ModelOverviewView">;

/** A model at a glance: what stands where, the champion beside the challenger, open requests, the card's beginning. */
export function overviewOf(model: string) {
  return queryOptions({
    queryKey: ["model", model, "overview"],
    queryFn: () => answered(api.GET("/v1/models/{model}/overview", { params: { path: { model } } })),
  });
}

/** A metric over versions: number and value of each, and which way it gets better, if somebody said so. */
export interface Series {
  points: (readonly [number, number])[];
  direction: Direction | undefined;
}

/** How many of the newest versions a series has at most. */
export const SERIES_LIMIT = 500;

/** A metric's values over the newest versions that have it, lowest number first. */
export function seriesOf(model: string, metric: string) {
  return queryOptions({
    queryKey: ["model", model, "series", metric],
    queryFn: async (): Promise<Series> => {
      const { metrics, directions } = await answered(
        api.GET("/v1/models/{model}/series", {
          params: { path: { model }, query: { metrics: inList(metric), limit: SERIES_LIMIT } },
        }),
      );
      const points = (metrics[metric] ?? []).map(([number = 0, value = 0]) => [number, value] as const);
      return { points, direction: directions[metric] };
    },
  });
}

/** The last stage with room for one version that holds one; undefined if there is none. */
export function servingStage(stages: Overview["stages"]): Overview["stages"][number] | undefined {
  return stages.findLast((stage) => stage.exclusive && stage.version !== null);
}

/**
 * How the badge of each stage of a model looks. Versions serve from the last stage that has room for one,
 * or from the last one that is not for what is done with if no stage is exclusive.
 */
export function looks(stages: Overview["stages"]): Record<string, StageLook> {
  const exclusive = stages.findLastIndex((stage) => stage.holding && stage.exclusive);
  const serving = exclusive === -1 ? stages.findLastIndex((stage) => stage.holding) : exclusive;
  return Object.fromEntries(
    stages.map((stage, index) => [
      stage.name,
      {
        kind: index === 0 ? "first" : !stage.holding ? "last" : index === serving ? "serving" : "middle",
        protected: stage.protected,
        exclusive: stage.exclusive,
      } satisfies StageLook,
    ]),
  );
}
