import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { fault } from "./chosen";

/** Two to five versions side by side, with their differences from the first. */
export function comparisonOf(model: string, refs: readonly string[]) {
  return queryOptions({
    queryKey: ["model", model, "compare", refs],
    queryFn: () =>
      answered(
        api.GET("/v1/models/{model}/compare", { params: { path: { model }, query: { versions: refs.join(",") } } }),
      ),
    enabled: fault(refs) === undefined,
  });
}
