import type { Document } from "../../api/documents";

export type LedgerEvent = Document<"EventView">;

/** A move of a pointer, read from an event. `from` and `to` are stages, or what an alias pointed at. */
export type Move =
  | {
      kind: "stage";
      version: number;
      from: string;
      to: string;
      displaced: { version: number; to: string | null } | null;
      aliases: string[];
    }
  | { kind: "alias"; alias: string; from: number | null; to: number | null }
  | { kind: "challenger"; version: number | null; promoted: boolean; before: number | null }
  | { kind: "restriction"; what: string; version: number | null; lifted: boolean };

const RESTRICTIONS: Record<string, { what: string; lifted: boolean }> = {
  "model.frozen": { what: "freeze", lifted: false },
  "model.unfrozen": { what: "freeze", lifted: true },
  "version.locked": { what: "lock", lifted: false },
  "version.unlocked": { what: "lock", lifted: true },
  "version.held": { what: "legal hold", lifted: false },
  "version.released": { what: "legal hold", lifted: true },
};

/** The move that an event tells of; null if it tells of something else. */
export function moveOf(event: LedgerEvent): Move | null {
  const before = event.before ?? {};
  const after = event.after ?? {};
  const restriction = RESTRICTIONS[event.type];
  if (restriction !== undefined) {
    return { kind: "restriction", version: event.version, ...restriction };
  }
  switch (event.type) {
    case "version.transitioned": {
      const displaced = number(after.displaced);
      return {
        kind: "stage",
        version: event.version ?? 0,
        from: String(before.stage ?? ""),
        to: String(after.stage ?? ""),
        displaced: displaced === null ? null : { version: displaced, to: text(after.displaced_to) },
        aliases: Array.isArray(after.aliases) ? after.aliases.map(String) : [],
      };
    }
    case "alias.set":
    case "alias.deleted":
      return { kind: "alias", alias: event.alias ?? "", from: number(before.version), to: number(after.version) };
    case "challenger.promoted":
    case "challenger.retired":
      return {
        kind: "challenger",
        version: event.version,
        promoted: event.type === "challenger.promoted",
        before: number(before.champion),
      };
    default:
      return null;
  }
}

/** Which moves a reader wants to see. */
export type Shown = "all" | "stages" | "aliases";

export function isShown(move: Move, shown: Shown): boolean {
  return (
    shown === "all" ||
    (shown === "stages" && move.kind === "stage") ||
    (shown === "aliases" && (move.kind === "alias" || move.kind === "challenger"))
  );
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
