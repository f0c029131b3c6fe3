import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { inboxOf, type Waiting } from "../inbox/queries";
import { waitsFor } from "../inbox/waits";

const FIRST = 5;

interface RequestsProps {
  whose: "me" | "mine";
  title: string;
  /** What stands there if there are none. */
  none: string;
}

/** The first few requests of an inbox, and how many there are. */
export function Requests({ whose, title, none }: RequestsProps) {
  const query = useInfiniteQuery(inboxOf(whose));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const number = `${rows.length}${query.hasNextPage ? "+" : ""}`;
  return (
    <Card
      title={rows.length === 0 ? title : `${title} (${number})`}
      id={`requests-${whose}`}
      actions={
        <Link to="/inbox" search={whose === "mine" ? { for: "mine" } : {}}>
          Inbox
        </Link>
      }
    >
      <Loaded query={query} lines={3}>
        {() =>
          rows.length === 0 ? (
            <p className="muted">{none}</p>
          ) : (
            <ul className="home-list">
              {rows.slice(0, FIRST).map((row) => (
                <li key={`${row.request.model}/${row.request.number}`}>
                  <One row={row} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function One({ row: { request, waiting_for: reasons } }: { row: Waiting }) {
  return (
    <>
      <div className="home-line" title={request.model}>
        <Link to="/models/$model/requests/$request" params={{ model: request.model, request: String(request.number) }}>
          Version {request.version} to {request.to_stage} of {request.model}
        </Link>
      </div>
      <div className="muted">
        Waits for {waitsFor(reasons)}
        {request.due_at !== null && (
          <>
            {" · "}due <Time at={request.due_at} />
          </>
        )}
      </div>
    </>
  );
}
