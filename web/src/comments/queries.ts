import { infiniteQueryOptions } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import type { Document } from "../api/documents";

export type Comment = Document<"CommentView">;

/** What comments are about: a version or a request of a model; neither is the model itself. */
export type Subject = { version: number } | { request: number } | Record<never, never>;

const PAGE = 50;

/** The comments on a subject, the oldest first. */
export function commentsOn(model: string, subject: Subject) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "comments", subject],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/models/{model}/comments", {
          params: {
            path: { model },
            query: { ...subject, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
