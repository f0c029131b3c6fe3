import { Link, useParams } from "@tanstack/react-router";
import { told } from "../../format/events";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { SelectField } from "../../ui/Field";
import { Card, Page } from "../../ui/Page";
import { usePaged } from "../../ui/paged";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";
import { EventDialog } from "./EventDialog";
import { type Event, eventsOf, modelOf, type Order } from "./queries";
import { Verify } from "./Verify";
import "./Audit.css";

/** One ledger: its events as sentences, and the check of its chain. */
export function LedgerPage() {
  const { ledger } = useParams({ strict: false }) as { ledger: string };
  const [{ order: asked, event: shown }, change] = useAddress();
  const order: Order = asked === "oldest" ? "oldest" : "newest";
  const { rows, pages } = usePaged(["audit", "events", ledger, order], eventsOf(ledger, order));
  const model = modelOf(ledger);
  const open = (event: Event) => change({ event: String(event.sequence) });
  const columns: Column<Event>[] = [
    { key: "number", head: "#", cell: ({ sequence }) => sequence, align: "end" },
    { key: "time", head: "Time", cell: ({ time }) => <Time at={time} /> },
    {
      key: "event",
      head: "Event",
      cell: (event) => (
        <span title={`${told(event)}${event.reason ? ` — ${event.reason}` : ""}`}>
          <Person name={event.actor} /> {told(event)}
          {event.reason && <q className="muted audit-reason">{event.reason}</q>}
        </span>
      ),
    },
    { key: "type", head: "Type", cell: ({ type }) => <code>{type}</code> },
    {
      key: "open",
      head: <span className="visually-hidden">Document</span>,
      cell: (event) => (
        <button type="button" className="audit-json" onClick={() => open(event)}>
          JSON<span className="visually-hidden"> of event {event.sequence}</span>
        </button>
      ),
    },
  ];
  const chosen = rows.find(({ sequence }) => String(sequence) === shown);
  return (
    <Page
      title={model === null ? "Ledger of the registry" : `Ledger of ${model}`}
      above={<Link to="/audit">Audit</Link>}
      actions={
        model !== null && (
          <Link className="button" to="/models/$model" params={{ model }}>
            Open the model
          </Link>
        )
      }
    >
      <Card title="Verification">
        <Verify key={ledger} ledger={ledger} />
      </Card>
      <Card
        title="Events"
        flush
        actions={
          <SelectField
            label="Order"
            value={order}
            onChange={(select) => change({ order: select.target.value === "oldest" ? "oldest" : undefined })}
          >
            <option value="newest">Newest first</option>
            <option value="oldest">Oldest first</option>
          </SelectField>
        }
      >
        <VirtualTable
          caption={`Events of ${ledger}`}
          columns={columns}
          rows={rows}
          rowKey={({ sequence }) => sequence}
          pages={pages}
          empty={<Empty title="No events yet">The first change makes one.</Empty>}
          onOpen={open}
        />
      </Card>
      {shown !== undefined && chosen === undefined && pages.hasNextPage && (
        <div className="row">
          <p>Event {shown} is further down.</p>
          <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Look for event {shown}
          </Button>
        </div>
      )}
      {shown !== undefined && chosen === undefined && pages.isSuccess && !pages.hasNextPage && (
        <p>This ledger has no event {shown}.</p>
      )}
      {chosen !== undefined && <EventDialog event={chosen} onClose={() => change({ event: undefined })} />}
    </Page>
  );
}
