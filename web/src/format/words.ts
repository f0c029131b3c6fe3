/** `1 version`, `3 versions`. */
export function many(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : several}`;
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  const [last = "", ...before] = [...words].reverse();
  return before.length === 0 ? last : `${before.reverse().join(", ")} and ${last}`;
}

/** The name of a person or program without the kind that is written before it: `token:ana` is `ana`. */
export function shortName(principal: string): string {
  return principal.replace(/^(token|oidc:[^:]+|iam):/, "");
}
