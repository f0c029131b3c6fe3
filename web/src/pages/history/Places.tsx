import { useInfiniteQuery } from "@tanstack/react-query";
import { Person, Pointer, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { type Place, placesAt } from "./queries";

/** Where every alias and stage pointed at a time, and which move brought it there. */
export function Places({ model, time }: { model: string; time: string }) {
  const query = useInfiniteQuery(placesAt(model, time));
  return (
    <Loaded query={query} lines={4}>
      {({ pages }) => (
        <>
          <div className="history-places">
            <Table
              caption="Where everything stood"
              rows={pages.flatMap((page) => page.items)}
              rowKey={({ pointer }) => pointer}
              empty={<p className="history-none muted">No alias and no stage had a version.</p>}
              columns={[
                { key: "pointer", head: "Pointer", cell: ({ pointer }) => <Pointer name={pointer} /> },
                {
                  key: "version",
                  head: "Version",
                  cell: ({ version }) => (version === null ? "—" : <VersionLink model={model} version={version} />),
                },
                { key: "since", head: "Since", cell: ({ move }) => move && <Time at={move.time} /> },
                { key: "by", head: "By", cell: ({ move }) => move && <Person name={move.actor} /> },
                { key: "why", head: "Why", cell: ({ move }) => move && <Why move={move} />, wide: true },
              ]}
            />
          </div>
          {query.hasNextPage && (
            <div className="history-more">
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show more
              </Button>
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function Why({ move }: { move: NonNullable<Place["move"]> }) {
  const trigger = move.trigger === "request" ? "" : move.trigger;
  return (
    <>
      {move.reason ?? ""}
      {trigger !== "" && <span className="muted"> ({trigger})</span>}
    </>
  );
}
