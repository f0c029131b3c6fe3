import type { Document } from "../../api/documents";
import type { Target } from "./queries";

/** What starts deployments on a target, as the form asks for it. */
export type Pointer = "stage" | "alias";

/** The texts of the form's fields, by what the API calls them. */
export interface Draft {
  name: string;
  environment: string;
  pointer: Pointer;
  pointed: string;
  models: string;
  reporters: string;
  give_up_after: string;
  roll_back: boolean;
  move_back: boolean;
  description: string;
  enabled: boolean;
}

/** The draft of a target as it stands, or of a new one. */
export function draftOf(target: Target | undefined): Draft {
  return {
    name: target?.name ?? "",
    environment: target?.environment ?? "production",
    pointer: typeof target?.alias === "string" ? "alias" : "stage",
    pointed: target?.alias ?? target?.stage ?? "production",
    models: (target?.models ?? []).join("\n"),
    reporters: (target?.reporters ?? []).join("\n"),
    give_up_after: String((target?.policy.give_up_after ?? 3_600) / 60),
    roll_back: target?.policy.roll_back ?? false,
    move_back: target?.policy.move_back ?? false,
    description: target?.description ?? "",
    enabled: target?.enabled ?? true,
  };
}

/** The document that the API takes. What the form does not ask for stays as it is in `target`. */
export function documentOf(draft: Draft, target: Target | undefined): Document<"SetTarget"> {
  return {
    kind: target?.kind ?? "external",
    config: target?.config ?? {},
    environment: draft.environment,
    models: lines(draft.models),
    stage: draft.pointer === "stage" ? draft.pointed : null,
    alias: draft.pointer === "alias" ? draft.pointed.replace(/^@/, "") : null,
    reporters: lines(draft.reporters),
    policy: {
      roll_back: draft.roll_back,
      move_back: draft.roll_back && draft.move_back,
      give_up_after: Math.round(Number(draft.give_up_after) * 60),
      rollout: target?.policy.rollout ?? {},
    },
    description: draft.description,
    enabled: draft.enabled,
  };
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
