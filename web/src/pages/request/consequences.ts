import type { Overview } from "../model/queries";

/** What a move to a stage changes besides the version's own stage. */
export interface Consequences {
  /** The version that the move pushes out of the stage, and where to; null if there is none. */
  displaced: { version: number; to: string | null } | null;
  /** The aliases that come to point at the version. */
  aliases: string[];
}

/** What the move of a version to a stage changes, as far as the model's stages tell. */
export function consequencesOf(stages: Overview["stages"], version: number, toStage: string): Consequences {
  const stage = stages.find(({ name }) => name === toStage);
  if (stage === undefined) {
    return { displaced: null, aliases: [] };
  }
  const pushes = stage.exclusive && stage.version !== null && stage.version !== version;
  // Versions that are done with go to the stage at the end that holds nothing; the first stage holds nothing either.
  const archive = stages.slice(1).findLast(({ holding }) => !holding)?.name ?? null;
  return {
    displaced: pushes && stage.version !== null ? { version: stage.version, to: archive } : null,
    aliases: stage.aliases,
  };
}
