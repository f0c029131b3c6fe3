import { asProblem, Problem } from "./problem";

/** The ETag of what does not exist: a change with it makes something, and replaces nothing. */
const ABSENT = '"0"';

/**
 * Saves something unless somebody else changed it since it was read with `etag`. Without `etag` it is made, unless it is
 * there already; then the problem says that `what`, such as `a role ops`, is there.
 */
export async function saved<T>(
  etag: string | null | undefined,
  what: string,
  save: (etag: string | null) => Promise<T>,
): Promise<T> {
  if (etag !== undefined) {
    return save(etag);
  }
  try {
    return await save(ABSENT);
  } catch (error) {
    if (asProblem(error).code !== "precondition_failed") {
      throw error;
    }
    throw new Problem({
      status: 409,
      code: "exists_already",
      title: "It is there already",
      detail: `There is ${what} already, and it is left as it is. Close this, and change that one instead.`,
    });
  }
}
