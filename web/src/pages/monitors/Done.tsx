import { useInfiniteQuery } from "@tanstack/react-query";
import { told } from "../../format/events";
import type { Monitor } from "../../monitors/queries";
import { type Happening, Timeline } from "../../timeline/Timeline";
import { useMore } from "../../timeline/useMore";
import { Mark } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { eventsOf } from "../history/queries";
import { actInWords } from "./words";

// As many as a page of a timeline shows at first.
const ENOUGH = 10;
const GRAVE = ["monitor.alarmed", "monitor.silent"];

/** What happened: alarms and recoveries, and what the registry did about them. */
export function Done({ monitor }: { monitor: Monitor }) {
  const query = useInfiniteQuery(eventsOf(monitor.model));
  const events = (query.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter(({ type, subject }) => type.startsWith("monitor.") && subject === monitor.name);
  useMore(query, events.length, ENOUGH);
  return (
    <Card title="What happened">
      {monitor.acted.length > 0 && (
        <>
          <p className="muted">About the last alarm, silence or recovery:</p>
          <ul className="stack">
            {monitor.acted.map((act) => (
              <li key={act.do}>
                <Mark state={act.done ? "met" : "unmet"}>{act.done ? "done" : "not done"}</Mark> {actInWords(act)}
                {act.detail !== "" && <div className="muted text">{act.detail}</div>}
              </li>
            ))}
          </ul>
        </>
      )}
      <Loaded query={query} lines={4}>
        {() => (
          <>
            {events.length === 0 && !query.hasNextPage && <p className="muted">Nothing yet.</p>}
            <Timeline happenings={events.map(happening)} />
            {query.hasNextPage && (
              <div className="row no-print">
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Look further back
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

type Told = Parameters<typeof told>[0] & {
  id: string;
  time: string;
  actor: string;
  trigger: string;
  reason: string | null;
};

function happening(event: Told): Happening {
  return {
    key: event.id,
    at: event.time,
    actor: event.actor,
    trigger: event.trigger,
    reason: event.reason,
    sentence: told(event),
    grave: GRAVE.includes(event.type),
  };
}
