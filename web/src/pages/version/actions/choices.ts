import type { Version } from "../../../api/documents";
import type { Overview } from "../../model/queries";

/** An action on a version that is not a move to a next stage. */
export type Action =
  | { kind: "annotate" | "challenge" | "promote-challenger" | "retire-challenger" | "set-alias" }
  | { kind: "remove-alias" | "roll-back-alias"; alias: string }
  | { kind: "roll-back-stage"; stage: string }
  | { kind: "lock" | "unlock" | "hold" | "release" | "delete" | "override" };

export interface Choice {
  action: Action;
  name: string;
  refused?: string | undefined;
  danger?: boolean;
}

type May = (action: string, model?: string) => boolean;

const CHALLENGER = "challenger";

/**
 * What can be done with a version, in groups, each with why it cannot be done.
 * `glance` is the model's state, undefined while it is not known: what depends on it is then left to the API.
 */
export function choicesOf(version: Version, may: May, glance: Overview | undefined): Choice[][] {
  const allowed = (action: string) => may(action, version.model);
  const stage = glance?.stages.find(({ name }) => name === version.stage);
  const ready = version.status === "READY" ? undefined : "Its files are not complete yet.";
  const unlocked = version.locked === null ? undefined : "It is locked.";
  const unfrozen = glance?.model.frozen ? "The model is frozen." : undefined;
  const needs = (action: string, what: string) =>
    allowed(action) ? undefined : `Your grants do not include ${what} on this model.`;
  const free = (alias: string) =>
    glance?.model.protected_aliases.includes(alias)
      ? needs("move_protected_alias", "moves of protected aliases")
      : undefined;
  const moves = needs("transition", "moves") ?? unlocked;
  const pointing = moves ?? ready ?? unfrozen;
  const isChallenger = version.aliases.includes(CHALLENGER);

  return [
    [
      {
        action: { kind: "annotate" },
        name: "Edit description and tags",
        refused: needs("annotate", "edits") ?? unlocked,
      },
    ],
    [
      { action: { kind: "set-alias" }, name: "Point an alias at it", refused: pointing },
      ...version.aliases
        .filter((alias) => alias !== CHALLENGER)
        .map((alias) => ({
          action: { kind: "remove-alias" as const, alias },
          name: `Remove @${alias}`,
          refused: moves ?? unfrozen ?? free(alias),
        })),
      ...(isChallenger
        ? [
            {
              action: { kind: "promote-challenger" as const },
              name: "Make it the champion",
              refused: pointing ?? free("champion") ?? free(CHALLENGER),
            },
            {
              action: { kind: "retire-challenger" as const },
              name: "Retire it as challenger",
              refused: moves ?? unfrozen ?? free(CHALLENGER),
            },
          ]
        : [
            {
              action: { kind: "challenge" as const },
              name: "Make it the challenger",
              refused: pointing ?? free(CHALLENGER),
            },
          ]),
    ],
    [
      ...(stage?.exclusive && stage.version === version.number
        ? [
            {
              action: { kind: "roll-back-stage" as const, stage: stage.name },
              name: `Roll back ${stage.name}`,
              refused: moves,
            },
          ]
        : []),
      ...version.aliases.map((alias) => ({
        action: { kind: "roll-back-alias" as const, alias },
        name: `Roll back @${alias}`,
        refused: moves ?? free(alias),
      })),
    ],
    [
      version.locked === null
        ? { action: { kind: "lock" }, name: "Lock", refused: needs("freeze", "locks") ?? ready }
        : { action: { kind: "unlock" }, name: "Unlock", refused: needs("freeze", "locks") },
      version.legal_hold === null
        ? { action: { kind: "hold" }, name: "Place a legal hold", refused: needs("hold", "legal holds") }
        : { action: { kind: "release" }, name: "Release the legal hold", refused: needs("hold", "legal holds") },
    ],
    [
      {
        action: { kind: "override" },
        name: "Break glass: move it against the rules",
        danger: true,
        refused: needs("override", "overrides") ?? ready ?? unlocked ?? unfrozen,
      },
      {
        action: { kind: "delete" },
        name: "Delete",
        danger: true,
        refused: needs("manage", "deletion") ?? deletionRefusal(version, stage?.holding ?? false),
      },
    ],
  ];
}

function deletionRefusal(version: Version, holding: boolean): string | undefined {
  if (version.legal_hold !== null) {
    return "It is under legal hold.";
  }
  if (version.locked !== null) {
    return "It is locked.";
  }
  if (version.aliases.length > 0) {
    return "Aliases point at it. Remove them first.";
  }
  return holding ? `Versions in ${version.stage} cannot be deleted. Move it out first.` : undefined;
}
