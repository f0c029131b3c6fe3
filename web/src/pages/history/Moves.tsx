import { useInfiniteQuery } from "@tanstack/react-query";
import { type Happening, Timeline } from "../../timeline/Timeline";
import { useMore } from "../../timeline/useMore";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { MoveDetails } from "./MoveDetails";
import { MoveSentence } from "./MoveSentence";
import { isShown, type LedgerEvent, type Move, moveOf, type Shown } from "./moves";
import { eventsOf } from "./queries";

const WANTED = 20;

interface MovesProps {
  model: string;
  shown: Shown;
  /** Only what happened up to this time; undefined for everything. */
  until: string | undefined;
}

/** Every move of the model's aliases and stages, and every restriction, the newest first. */
export function Moves({ model, shown, until }: MovesProps) {
  const query = useInfiniteQuery(eventsOf(model));
  const moves = (query.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((event) => until === undefined || !(Date.parse(event.time) > Date.parse(until)))
    .flatMap((event) => {
      const move = moveOf(event);
      return move === null || !isShown(move, shown) ? [] : [happening(model, event, move)];
    });
  useMore(query, moves.length, WANTED);
  return (
    <Loaded query={query} lines={8}>
      {() => (
        <>
          {moves.length === 0 && !query.hasNextPage && <p className="muted">Nothing has moved.</p>}
          <Timeline happenings={moves} />
          {query.hasNextPage && (
            <div className="row">
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Look further back
              </Button>
              {query.isFetchingNextPage && <span className="muted">still looking …</span>}
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function happening(model: string, event: LedgerEvent, move: Move): Happening {
  return {
    key: event.id,
    at: event.time,
    actor: event.actor,
    trigger: event.trigger,
    reason: event.reason,
    sentence: <MoveSentence model={model} move={move} />,
    details: <MoveDetails model={model} event={event} />,
    grave: move.kind === "restriction" && !move.lifted,
  };
}
