/** A version as the API takes it: a number, or an `@alias` as it was typed. */
export function asReference(text: string): number | string {
  const typed = text.trim();
  return /^\d+$/.test(typed) ? Number(typed) : typed;
}
