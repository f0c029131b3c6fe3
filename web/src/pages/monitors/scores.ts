import type { Judged, JudgedWindow, Monitor } from "../../monitors/queries";
import type { TimePoint } from "../../ui/charts/TimeChart";

type Finding = JudgedWindow["findings"][number];

/** What a monitor looks at: features and metrics, by name. Those that windows say something about come too. */
export function namesOf({ baseline, features, metrics }: Monitor, judged: Judged | undefined): string[] {
  const compared = baseline.map(({ name }) => name).filter((name) => features.length === 0 || features.includes(name));
  const found = judged?.windows.flatMap(({ findings }) => findings.map(({ name }) => name)) ?? [];
  return [...new Set([...compared, ...Object.keys(metrics), ...found])].filter((name) => name !== "");
}

/** The one to show first: what breached most when the verdict was made, else the highest last score beside its bound. */
export function firstOf(
  names: readonly string[],
  worst: string | null,
  judged: Judged | undefined,
): string | undefined {
  if (worst !== null && names.includes(worst)) {
    return worst;
  }
  const last = judged?.windows.at(-1)?.findings ?? [];
  const highest = last.filter(({ name }) => names.includes(name)).sort((one, other) => excess(other) - excess(one))[0];
  return highest?.name ?? names[0];
}

function excess({ score, threshold }: Finding): number {
  return score === null || threshold === null
    ? Number.NEGATIVE_INFINITY
    : (score - threshold) / (Math.abs(threshold) || 1);
}

/** The score of a feature or metric in each window. A window with too little data has none, and says why. */
export function pointsOf(windows: readonly JudgedWindow[], name: string): TimePoint[] {
  return windows.map(({ start, findings, verdict }) => {
    const finding = findings.find((one) => one.name === name) ?? findings.find((one) => one.name === "");
    return {
      key: start,
      at: start,
      value: finding?.score ?? null,
      low: null,
      high: null,
      threshold: finding?.threshold ?? null,
      ...(finding?.verdict === "breached" ? { mark: "breached" } : {}),
      note: finding === undefined ? `nothing of it; the window is ${verdict}` : `${finding.verdict}: ${finding.reason}`,
    };
  });
}
