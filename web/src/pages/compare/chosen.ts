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

interface Standing {
  champion: { number: number } | null;
  challenger: { number: number } | null;
  stages: readonly { versions: readonly { number: number }[] }[];
}

/** Pairs of versions that people compare often. */
export function pairsOf({ champion, challenger, stages }: Standing): { name: string; pair: string }[] {
  const numbers = stages.flatMap(({ versions }) => versions.map(({ number }) => number)).sort((a, b) => b - a);
  const [newest, before] = numbers;
  const pairs: { name: string; pair: string }[] = [];
  if (champion !== null && challenger !== null) {
    pairs.push({ name: "Champion and challenger", pair: "@champion,@challenger" });
  }
  if (champion !== null && newest !== undefined && newest !== champion.number) {
    pairs.push({ name: `Champion and version ${newest}`, pair: `@champion,${newest}` });
  }
  if (newest !== undefined && before !== undefined) {
    pairs.push({ name: `Versions ${before} and ${newest}`, pair: `${before},${newest}` });
  }
  return pairs;
}
