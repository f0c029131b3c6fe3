import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import type { Document } from "../api/documents";
import { tagged } from "../api/tags";
import type { PageQuery } from "../ui/paged";

export type MonitorSummary = Document<"MonitorSummaryView">;
export type Monitor = Document<"MonitorView">;
export type Standing = Document<"StandingView">;
export type MonitorVerdict = Standing["verdict"];
export type Judged = Document<"JudgedView">;
export type JudgedWindow = Document<"JudgedWindowView">;
export type Window = Document<"WindowView">;
export type Histogram = Document<"HistogramView">;
export type Act = Document<"ActView">;

/** How many windows a monitor can be judged over at once. */
export const MOST_WINDOWS = 100;

/** The key under which everything about the monitors of a model is kept. */
export function monitorsKey(model: string) {
  return ["model", model, "monitors"];
}

/** A model's monitors by name, each with its verdict. */
export function monitorsOf(model: string) {
  return queryOptions({
    queryKey: [...monitorsKey(model), "list"],
    queryFn: () => answered(api.GET("/v1/models/{model}/monitors", { params: { path: { model } } })),
  });
}

/** One monitor with its baseline. */
export function monitorOf(model: string, monitor: string) {
  return queryOptions({
    queryKey: [...monitorsKey(model), "one", monitor],
    queryFn: () => tagged(api.GET("/v1/models/{model}/monitors/{monitor}", { params: { path: { model, monitor } } })),
  });
}

/** The last windows of the version that a monitor watches, the oldest first, judged now. */
export function judgementOf(model: string, monitor: string) {
  return queryOptions({
    queryKey: [...monitorsKey(model), "one", monitor, "judgement"],
    queryFn: () =>
      answered(
        api.GET("/v1/models/{model}/monitors/{monitor}/judgement", {
          params: { path: { model, monitor }, query: { windows: MOST_WINDOWS } },
        }),
      ),
  });
}

/** The windows of the version that a monitor watches, as they were reported, the newest first. */
export function windowsOf(model: string, monitor: string) {
  return (query: PageQuery) =>
    answered(api.GET("/v1/models/{model}/monitors/{monitor}/windows", { params: { path: { model, monitor }, query } }));
}
