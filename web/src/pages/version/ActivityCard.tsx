import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Version } from "../../api/documents";
import { many } from "../../format/words";
import { Timeline } from "../../timeline/Timeline";
import { useMore } from "../../timeline/useMore";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { type Activity, activities, sentenceOf, shown } from "./activity";
import { changesOf } from "./queries";

const WANTED = 10;
const GRAVE = ["version.locked", "version.held", "version.deleted", "quarantine.released"];

/** What happened to a version, the newest first. */
export function ActivityCard({ version: { model, number } }: { version: Version }) {
  const query = useInfiniteQuery(changesOf(model, number));
  const found = activities((query.data?.pages ?? []).flatMap((page) => page.items));
  useMore(query, found.length, WANTED);
  return (
    <Card
      title="Activity"
      actions={
        <Link to="/models/$model/history" params={{ model }}>
          History of the model
        </Link>
      }
    >
      <Loaded query={query} lines={5}>
        {() => (
          <>
            <Timeline
              happenings={found.map((activity) => ({
                key: activity.id,
                at: activity.at,
                actor: activity.actor,
                trigger: activity.trigger,
                reason: activity.reason,
                sentence: sentenceOf(activity),
                details: <Changes activity={activity} />,
                grave: GRAVE.includes(activity.type),
              }))}
            />
            {query.hasNextPage && (
              <div>
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

function Changes({ activity: { changes } }: { activity: Activity }) {
  return (
    <details>
      <summary>{many(changes.length, "change")}</summary>
      <ul className="timeline-changes">
        {changes.map((change) => (
          <li key={change.field}>
            <code>{change.field}</code>{" "}
            {change.before !== null && (
              <>
                <del>{shown(change.before)}</del> →{" "}
              </>
            )}
            {shown(change.after)}
          </li>
        ))}
      </ul>
    </details>
  );
}
