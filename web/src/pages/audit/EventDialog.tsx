import { told } from "../../format/events";
import { Digest, Person } from "../../ui/Badges";
import { Snippet } from "../../ui/Copy";
import { Dialog } from "../../ui/Dialog";
import { Fact, Facts } from "../../ui/Table";
import type { Event } from "./queries";

/** One event: what it tells, what it is chained to, and the whole document. */
export function EventDialog({ event, onClose }: { event: Event; onClose: () => void }) {
  return (
    <Dialog title={`Event ${event.sequence}`} open onClose={onClose}>
      <p>
        <Person name={event.actor} /> {told(event)}.
      </p>
      <Facts>
        {/* An auditor compares times with other records, so they stand as they are stored. */}
        <Fact name="Time">{event.time}</Fact>
        <Fact name="Actor">
          <code>{event.actor}</code>
        </Fact>
        <Fact name="Set off by">{event.trigger}</Fact>
        {event.reason && <Fact name="Reason">{event.reason}</Fact>}
        <Fact name="Request id">
          <code>{event.request_id}</code>
        </Fact>
        {event.correlation_id && (
          <Fact name="Correlation id">
            <code>{event.correlation_id}</code>
          </Fact>
        )}
        <Fact name="Hash">
          <Digest value={event.hash} what="hash" />
        </Fact>
        <Fact name="Hash before">
          <Digest value={event.previous_hash} what="hash of the event before" />
        </Fact>
      </Facts>
      <Snippet text={JSON.stringify(event, null, 2)} what={`event ${event.sequence} as JSON`} />
    </Dialog>
  );
}
