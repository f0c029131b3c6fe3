import { infiniteQueryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

const PAGE = 50;

/** Which requests of a model a list shows. */
export type Shown = "open" | "all";

/** The transition requests of a model. */
export function requestsOf(model: string, state: Shown) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "requests", state],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/models/{model}/requests", {
          params: { path: { model }, query: { state, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
