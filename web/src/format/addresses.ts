/** The address of a page outside, if the text is one that a browser may follow; null for anything else. */
export function webAddress(text: string | null): string | null {
  return text !== null && /^https?:\/\//i.test(text) ? text : null;
}
