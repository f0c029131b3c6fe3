import { Bot, Siren, TimerReset, Undo2, UserRound } from "lucide-react";
import { type ReactNode, useContext } from "react";
import { dayOf, type Zone } from "../format/time";
import { Person } from "../ui/Badges";
import { Time, ZoneContext } from "../ui/Time";
import "./Timeline.css";

/** Something that happened. */
export interface Happening {
  /** Unique in the timeline. */
  key: string;
  at: string;
  actor: string;
  /** What made it happen: `request` is a call by a person or program. */
  trigger: string;
  /** What happened, as a sentence whose subject is the actor. */
  sentence: ReactNode;
  reason: string | null;
  /** What folds out. */
  details?: ReactNode;
  /** Whether the event limits what may be done, and keeps a coloured edge. */
  grave?: boolean;
}

const TRIGGERS: Record<string, { icon: typeof Bot; word: string }> = {
  request: { icon: UserRound, word: "" },
  rule: { icon: Bot, word: "by a rule" },
  rollback: { icon: Undo2, word: "roll-back" },
  keeper: { icon: TimerReset, word: "by the keeper" },
  override: { icon: Siren, word: "override" },
};

/** What happened, the newest first, grouped by day. */
export function Timeline({ happenings }: { happenings: readonly Happening[] }) {
  const zone = useContext(ZoneContext);
  return (
    <div className="timeline">
      {byDay(happenings, zone).map(({ day, items }) => (
        <section key={day} aria-label={day}>
          <h3>{day}</h3>
          <ol>
            {items.map((item) => (
              <li key={item.key}>
                <One item={item} />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function One({ item }: { item: Happening }) {
  const { icon: Icon, word } = TRIGGERS[item.trigger] ?? { icon: Bot, word: item.trigger };
  const grave = item.grave || item.trigger === "override";
  return (
    <div className={grave ? "timeline-item timeline-grave" : "timeline-item"}>
      <Icon aria-hidden="true" />
      <div>
        <p>
          <Person name={item.actor} /> {item.sentence}
          {word !== "" && <span className="timeline-trigger">{word}</span>}
        </p>
        <p className="muted">
          <Time at={item.at} ago />
        </p>
        {item.reason !== null && item.reason !== "" && <blockquote>{item.reason}</blockquote>}
        {item.details}
      </div>
    </div>
  );
}

/** Happenings in groups, one for each day in the zone. They come, and stay, in the order of time. */
export function byDay<T extends { at: string }>(happenings: readonly T[], zone: Zone): { day: string; items: T[] }[] {
  const days: { day: string; items: T[] }[] = [];
  for (const item of happenings) {
    const day = dayOf(item.at, zone);
    const last = days.at(-1);
    if (last?.day === day) {
      last.items.push(item);
    } else {
      days.push({ day, items: [item] });
    }
  }
  return days;
}
