import { asProblem } from "./problem";

/** What the API finds wrong with one field of what was sent, by its JSON pointer. Undefined: nothing. */
export function faultAt(error: unknown, pointer: string): string | undefined {
  if (error === null || error === undefined) {
    return undefined;
  }
  return asProblem(error).document.errors?.find((fault) => fault.pointer === pointer)?.message;
}
