import { modelsInWords } from "../../format/access";
import { duration } from "../../format/time";
import { many } from "../../format/words";
import type { Schedule } from "./queries";

/** When a schedule fires, in words; the time of one that fires once is left to who shows it. */
export function whenInWords({ cron, zone, every_minutes }: Schedule["when"]): string {
  if (cron !== null) {
    return `${cron} (${zone})`;
  }
  return every_minutes === null ? "once" : `every ${duration(every_minutes * 60)}`;
}

/** What a schedule does each time. */
export function jobInWords({ job, older_than_days: days }: Schedule): string {
  switch (job) {
    case "event":
      return "tells those who listen";
    case "judge":
      return "judges gates and open requests anew";
    case "remind":
      return "reminds of open requests";
    case "expire":
      return `expires requests${days === null ? "" : ` older than ${many(days, "day")}`}`;
  }
}

/** Which models a schedule is about. */
export function modelsOf({ models }: Schedule): string {
  return models === "*" ? "all models" : modelsInWords(models);
}

/** How the last firing ended: `12 models, 3 done, 1 failed`, `12 models, nothing to do`. */
export function outcomeInWords({ models, done, failed }: NonNullable<Schedule["outcome"]>): string {
  const parts = [done > 0 && `${done} done`, failed > 0 && `${failed} failed`].filter(Boolean);
  return `${many(models, "model")}, ${parts.join(", ") || "nothing to do"}`;
}
