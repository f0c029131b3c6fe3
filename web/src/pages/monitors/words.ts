import { metric } from "../../format/number";
import { many } from "../../format/words";
import type { Act, MonitorSummary, Standing } from "../../monitors/queries";

/** What an alarm leads to, in words. */
export function actInWords({ do: deed, to_stage, pointer }: Pick<Act, "do" | "to_stage" | "pointer">): string {
  switch (deed) {
    case "fail_check":
      return "fail the check of the version";
    case "open_request":
      return `ask to move the version to ${to_stage}`;
    case "move":
      return `move the version to ${to_stage}`;
    case "roll_back":
      return `roll back ${pointer}`;
    case "freeze":
      return "freeze the model";
  }
}

/** The statistics by which distributions are compared, by their whole names. */
export const STATISTICS: Record<MonitorSummary["statistic"], string> = {
  psi: "population stability index",
  js: "Jensen-Shannon distance",
  hellinger: "Hellinger distance",
  chi_square: "chi-square effect size",
  ks: "Kolmogorov-Smirnov statistic",
  mean: "standardised difference of means",
  wasserstein: "standardised Wasserstein distance",
};

/** How the chance of a false breach is shared by the features. */
export const CORRECTIONS: Record<MonitorSummary["correction"], string> = {
  bonferroni: "equally (Bonferroni)",
  benjamini_hochberg: "by how many differ (Benjamini-Hochberg)",
};

/** The statistic by which distributions are compared, by its whole name. */
export function statisticInWords(statistic: MonitorSummary["statistic"]): string {
  return STATISTICS[statistic];
}

/** When a monitor alarms: `2 of the last 3 windows breach`. */
export function alarmInWords({ breaches, of, window }: Pick<MonitorSummary, "breaches" | "of" | "window">): string {
  return `${breaches} of the last ${many(of, "window")} of one ${window} breach`;
}

/** Where a metric must lie: `at least 0.9, at most 1`. */
export function boundsInWords({ at_least, at_most }: { at_least: number | null; at_most: number | null }): string {
  return [at_least === null ? "" : `at least ${metric(at_least)}`, at_most === null ? "" : `at most ${metric(at_most)}`]
    .filter((part) => part !== "")
    .join(", ");
}

/** What breached most: `income: 0.31, held against 0.1`; empty if nothing did. */
export function worstInWords({ worst, score, threshold }: Pick<Standing, "worst" | "score" | "threshold">): string {
  if (worst === null) {
    return "";
  }
  return score === null
    ? worst
    : `${worst}: ${metric(score)}${threshold === null ? "" : `, held against ${metric(threshold)}`}`;
}
