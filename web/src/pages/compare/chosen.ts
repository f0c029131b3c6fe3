/** How many versions can stand side by side. */
export const MOST = 5;
export const FEWEST = 2;

/** The versions that the address names: numbers and aliases, the base first. */
export function chosen(versions: string | undefined, base: string | undefined): string[] {
  const refs = [...new Set((versions ?? "").split(",").map((ref) => ref.trim()))].filter((ref) => ref !== "");
  return base !== undefined && refs.includes(base) ? [base, ...refs.filter((ref) => ref !== base)] : refs;
}

/** Why these versions cannot be compared; undefined if they can. */
export function fault(refs: readonly string[]): string | undefined {
  const wrong = refs.find((ref) => !/^(\d+|@.+)$/.test(ref));
  if (wrong !== undefined) {
    return `${wrong} is neither a number nor an @alias.`;
  }
  return refs.length < FEWEST || refs.length > MOST ? "Name two to five versions." : undefined;
}
