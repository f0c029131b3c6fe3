import type { Document } from "../../api/documents";
import type { Act, Monitor } from "../../monitors/queries";

/** What a monitor can do about an alarm. */
export const DEEDS = ["fail_check", "open_request", "move", "roll_back", "freeze"] as const;
export type Deed = (typeof DEEDS)[number];

/** The texts of the form's fields, by what the API calls them, and which deeds are ticked with their places. */
export interface Draft {
  name: string;
  kind: Monitor["kind"];
  selector: string;
  window: Monitor["window"];
  statistic: Monitor["statistic"];
  effect: string;
  correction: Monitor["correction"];
  min_n: string;
  breaches: string;
  of: string;
  silent_after: string;
  features: string;
  metrics: string;
  /** The version whose windows become the baseline; empty: it stays. */
  baseline: string;
  deeds: Partial<Record<Deed, string>>;
  description: string;
}

/** The draft of a monitor as it stands, or of a new one. */
export function draftOf(monitor: Monitor | undefined): Draft {
  return {
    name: monitor?.name ?? "",
    kind: monitor?.kind ?? "performance",
    selector: monitor?.selector ?? "@champion",
    window: monitor?.window ?? "hour",
    statistic: monitor?.statistic ?? "psi",
    effect: String(monitor?.effect ?? ""),
    correction: monitor?.correction ?? "bonferroni",
    min_n: String(monitor?.min_n ?? 200),
    breaches: String(monitor?.breaches ?? 2),
    of: String(monitor?.of ?? 3),
    silent_after: String(monitor?.silent_after ?? 2),
    features: (monitor?.features ?? []).join("\n"),
    metrics: boundLines(monitor?.metrics ?? {}),
    baseline: "",
    deeds: Object.fromEntries((monitor?.on_alarm ?? []).map((act) => [act.do, act.to_stage ?? act.pointer ?? ""])),
    description: monitor?.description ?? "",
  };
}

/** The document that the API takes. What the form does not ask for stays as it is in `monitor`. */
export function documentOf(draft: Draft, monitor: Monitor | undefined): Document<"SaveMonitor"> {
  // What was typed before another kind was chosen is not shown any more, so it is not sent either.
  const compares = comparing(draft.kind);
  return {
    kind: draft.kind,
    selector: draft.selector.trim(),
    window: draft.window,
    statistic: draft.statistic,
    // Each statistic has an effect of its own by default.
    effect: draft.effect.trim() === "" ? null : Number(draft.effect),
    ...(monitor === undefined ? {} : { alpha: monitor.alpha }),
    correction: draft.correction,
    min_n: Number(draft.min_n),
    breaches: Number(draft.breaches),
    of: Number(draft.of),
    silent_after: Number(draft.silent_after),
    features: compares ? lines(draft.features) : [],
    metrics: boundsOf(draft.metrics).bounds,
    ...(!compares || draft.baseline.trim() === "" ? {} : { baseline: { version: draft.baseline.trim() } }),
    on_alarm: DEEDS.flatMap((deed) => {
      const place = draft.deeds[deed];
      return place === undefined ? [] : [actOf(deed, place.trim())];
    }),
    description: draft.description,
  };
}

/** Whether a monitor of a kind compares distributions with those of a baseline. */
export function comparing(kind: Monitor["kind"]): boolean {
  return kind !== "performance";
}

/** Whether a deed needs a stage to move to, a pointer to roll back, or nothing. */
export function placeOf(deed: Deed): "to_stage" | "pointer" | null {
  return deed === "roll_back" ? "pointer" : deed === "move" || deed === "open_request" ? "to_stage" : null;
}

function actOf(deed: Deed, place: string): Act {
  const field = placeOf(deed);
  return field === null ? { do: deed } : { do: deed, [field]: place };
}

type Bounds = Record<string, { at_least?: number; at_most?: number }>;

const BOUND = /^(.*\S)\s*(>=|<=)\s*(\S+)$/;

/** The bounds in lines such as `auc >= 0.9`, and the first line that is not one. */
export function boundsOf(text: string): { bounds: Bounds; fault: string | undefined } {
  const bounds: Bounds = {};
  let fault: string | undefined;
  for (const line of lines(text)) {
    const [, name, sign, number = ""] = BOUND.exec(line) ?? [];
    if (name === undefined || !Number.isFinite(Number(number))) {
      fault ??= line;
    } else {
      bounds[name] = { ...bounds[name], [sign === ">=" ? "at_least" : "at_most"]: Number(number) };
    }
  }
  return { bounds, fault };
}

function boundLines(metrics: Monitor["metrics"]): string {
  return Object.entries(metrics)
    .flatMap(([name, { at_least, at_most }]) => [
      at_least === null ? "" : `${name} >= ${at_least}`,
      at_most === null ? "" : `${name} <= ${at_most}`,
    ])
    .filter((line) => line !== "")
    .join("\n");
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
