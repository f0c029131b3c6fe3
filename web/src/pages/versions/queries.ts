import { infiniteQueryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { asProblem, Problem } from "../../api/problem";
import { quoted } from "../../format/fields";

const PAGE = 100;
const COLUMN = /column (\d+)/;

/** A model's versions that match a filter, in an order, page by page. */
export function versionsOf(model: string, filter: string, order: string) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "versions", filter, order],
    queryFn: async ({ pageParam }) => {
      const { before, whole } = within(model, filter);
      try {
        return await answered(
          api.GET("/v1/search/versions", {
            params: {
              query: { filter: whole, order_by: order, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
            },
          }),
        );
      } catch (error) {
        throw moved(error, before);
      }
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The filter for the versions of one model, and how many characters stand before what the reader typed. */
export function within(model: string, filter: string): { before: number; whole: string } {
  const name = `name = ${quoted(model)}`;
  return filter === "" ? { before: 0, whole: name } : { before: name.length + 6, whole: `${name} AND (${filter})` };
}

/** The same problem, with the column counted in what the reader typed. */
export function moved(error: unknown, before: number): Problem {
  const problem = asProblem(error);
  const found = problem.code === "invalid_filter" ? COLUMN.exec(problem.message)?.[1] : undefined;
  if (found === undefined) {
    return problem;
  }
  const column = Number(found) - before;
  // The next lines show the place in the whole filter, which nobody typed.
  const [sentence = ""] = problem.message.split("\n");
  return new Problem(
    { ...problem.document, column, detail: sentence.replace(COLUMN, `column ${column}`) },
    problem.retryAfter,
  );
}
