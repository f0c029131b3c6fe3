import { asProblem } from "./problem";

/** What the API finds wrong with a field of what was sent, or with an entry of it, by its JSON pointer. Undefined: nothing. */
export function faultAt(error: unknown, pointer: string): string | undefined {
  if (error === null || error === undefined) {
    return undefined;
  }
  return asProblem(error).document.errors?.find((fault) => `${fault.pointer}/`.startsWith(`${pointer}/`))?.message;
}
