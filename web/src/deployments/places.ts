import type { Place } from "./queries";

/** How a model stands on a target: whether what is wanted there is served, in a word or two. */
export interface Standing {
  state: "met" | "unmet" | "waiting";
  word: string;
}

export function standingOf({ wanted, serving, active, drifting }: Place): Standing {
  // Until a deployment has ended, anything may be served.
  if (active !== null) {
    return { state: "waiting", word: "on its way" };
  }
  if (drifting) {
    return { state: "unmet", word: "drifts" };
  }
  if (wanted === null) {
    return { state: "waiting", word: "nothing wanted" };
  }
  if (serving === null) {
    return { state: "waiting", word: "not known" };
  }
  const fits = serving.version === wanted.version && [null, wanted.digest].includes(serving.digest);
  return fits ? { state: "met", word: "as wanted" } : { state: "unmet", word: "not as wanted" };
}

/** When a target last said what it serves of any of these; null if it never did. */
export function lastHeard(places: readonly Place[]): string | null {
  const times = places.map(({ seen_at }) => seen_at).filter((time) => time !== null);
  return times.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1) ?? null;
}
