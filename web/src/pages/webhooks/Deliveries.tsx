import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Mark } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { SelectField } from "../../ui/Field";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { DeliveryDialog } from "./DeliveryDialog";
import { type Delivery, deliveriesTo, STATES, WEBHOOKS } from "./queries";

/** The delivery log of a webhook, newest first, filtered by state. */
export function Deliveries({ webhook }: { webhook: string }) {
  const [{ state: asked, delivery: shown }, change] = useAddress();
  const state = STATES.find((known) => known === asked);
  const list = usePaged([...WEBHOOKS, webhook, "deliveries", state ?? ""], deliveriesTo(webhook, state), 50);
  const [again, setAgain] = useState<Delivery | null>(null);
  const columns: Column<Delivery>[] = [
    { key: "time", head: "Queued", cell: ({ created_at }) => <Time at={created_at} /> },
    { key: "event", head: "Event", cell: ({ event_type }) => <code>{event_type}</code> },
    { key: "state", head: "State", cell: (delivery) => <State delivery={delivery} /> },
    { key: "attempts", head: "Attempts", cell: ({ attempts }) => attempts.length, align: "end" },
    { key: "last", head: "Last answer", wide: true, cell: (delivery) => <LastAnswer delivery={delivery} /> },
    {
      key: "next",
      head: "Next try",
      cell: ({ next_attempt_at }) => (next_attempt_at === null ? "—" : <Time at={next_attempt_at} />),
    },
    {
      key: "act",
      head: <span className="visually-hidden">Actions</span>,
      cell: (delivery) => (
        <span className="webhook-acts">
          <Button onClick={() => change({ delivery: delivery.id })}>Details</Button>
          <Button onClick={() => setAgain(delivery)}>Send again</Button>
        </span>
      ),
    },
  ];
  return (
    <Card
      title="Deliveries"
      flush
      actions={
        <>
          <SelectField label="State" value={state ?? ""} onChange={(event) => change({ state: event.target.value })}>
            <option value="">All</option>
            {STATES.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </SelectField>
          <Button onClick={() => void list.pages.refetch()} busy={list.pages.isFetching}>
            Refresh
          </Button>
        </>
      }
    >
      <PagedTable
        caption="Deliveries"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          state === undefined ? (
            <Empty title="No deliveries yet">
              <p>The next event that it asks for makes one, or a test. The log keeps them for 30 days.</p>
            </Empty>
          ) : (
            <Empty title={`No delivery is ${state}`}>
              <Button onClick={() => change({ state: undefined })}>Show all</Button>
            </Empty>
          )
        }
      />
      {shown !== undefined && (
        <DeliveryDialog webhook={webhook} delivery={shown} onClose={() => change({ delivery: undefined })} />
      )}
      {again !== null && (
        <ActionDialog
          title={`Send ${again.event_type} again`}
          act={(_, key) =>
            api.POST("/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver", {
              params: { path: { webhook, delivery: again.id }, header: changeHeaders(key) },
            })
          }
          said="It is queued again"
          refresh={[[...WEBHOOKS, webhook]]}
          onClose={() => setAgain(null)}
        >
          <p>
            The delivery of <Time at={again.created_at} /> is sent once more with the same id and body, with all
            attempts anew. A receiver that had it before should drop it by its id.
          </p>
        </ActionDialog>
      )}
    </Card>
  );
}

const MARKS: Record<string, "met" | "unmet" | "waiting"> = {
  succeeded: "met",
  failed: "unmet",
  pending: "waiting",
};

function State({ delivery: { state } }: { delivery: Delivery }) {
  const mark = MARKS[state];
  return mark === undefined ? state : <Mark state={mark}>{state}</Mark>;
}

function LastAnswer({ delivery }: { delivery: Delivery }) {
  const last = delivery.attempts.at(-1);
  if (last === undefined) {
    return <span className="muted">None yet</span>;
  }
  return (
    <>
      {last.status ?? "no answer"} <span className="muted">in {last.duration_ms} ms</span>
      {last.error !== null && <div>{last.error}</div>}
    </>
  );
}
