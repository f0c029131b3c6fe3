import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { tagged } from "../../api/tags";
import type { PageQuery } from "../../ui/paged";

export type Schedule = Document<"ScheduleView">;

export const SCHEDULES = ["schedules"];

export function listSchedules(query: PageQuery) {
  return answered(api.GET("/v1/schedules", { params: { query } }));
}

/** A schedule with its next times. */
export function scheduleOf(schedule: string) {
  return queryOptions({
    queryKey: [...SCHEDULES, schedule],
    queryFn: () => tagged(api.GET("/v1/schedules/{schedule}", { params: { path: { schedule } } })),
  });
}
