import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";

const SHOWN = 8;

/** The models that changed last. */
export const changedModels = queryOptions({
  queryKey: ["models", "changed"],
  queryFn: () =>
    answered(api.GET("/v1/search/models", { params: { query: { order_by: "updated_at DESC", limit: SHOWN } } })),
});
