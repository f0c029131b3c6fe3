import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import type { StageLook } from "../../ui/Badges";

export type Overview = Document<"ModelOverviewView">;

/** A model at a glance: what stands where, the champion beside the challenger, open requests, the card's beginning. */
export function overviewOf(model: string) {
  return queryOptions({
    queryKey: ["model", model, "overview"],
    queryFn: () => answered(api.GET("/v1/models/{model}/overview", { params: { path: { model } } })),
  });
}

/** How the badge of each stage of a model looks: versions serve from the last stage that is not for what is done with. */
export function looks(stages: Overview["stages"]): Record<string, StageLook> {
  const serving = stages.findLastIndex((stage) => stage.holding);
  return Object.fromEntries(
    stages.map((stage, index) => [
      stage.name,
      {
        kind: !stage.holding ? "last" : index === serving ? "serving" : index === 0 ? "first" : "middle",
        protected: stage.protected,
        exclusive: stage.exclusive,
      } satisfies StageLook,
    ]),
  );
}
