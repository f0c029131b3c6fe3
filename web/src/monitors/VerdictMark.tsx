import { Mark } from "../ui/Badges";
import type { MonitorVerdict } from "./queries";

const LOOKS: Record<MonitorVerdict, { state: "met" | "unmet" | "waiting"; word: string }> = {
  ok: { state: "met", word: "ok" },
  warning: { state: "waiting", word: "warning" },
  alarm: { state: "unmet", word: "alarm" },
  insufficient: { state: "waiting", word: "too little data" },
  silent: { state: "unmet", word: "silent" },
};

/** How a monitor stands, in words and by a sign. */
export function VerdictMark({ verdict }: { verdict: MonitorVerdict }) {
  const { state, word } = LOOKS[verdict];
  return <Mark state={state}>{word}</Mark>;
}
