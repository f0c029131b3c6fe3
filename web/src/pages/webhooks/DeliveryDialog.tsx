import { useQuery } from "@tanstack/react-query";
import { Snippet } from "../../ui/Copy";
import { Dialog } from "../../ui/Dialog";
import { Loaded } from "../../ui/Loaded";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { type Delivery, deliveryOf } from "./queries";

interface DeliveryDialogProps {
  webhook: string;
  delivery: string;
  onClose: () => void;
}

/** One delivery: every attempt with its answer, and the body that each sends. */
export function DeliveryDialog({ webhook, delivery, onClose }: DeliveryDialogProps) {
  const query = useQuery(deliveryOf(webhook, delivery));
  return (
    <Dialog title="Delivery" open onClose={onClose}>
      <Loaded query={query} lines={6}>
        {(found) => (
          <>
            <Facts>
              <Fact name="Id">
                <code>{found.id}</code>
              </Fact>
              <Fact name="Event">
                <code>{found.event_type}</code>
                {found.sequence !== null && ` ${found.sequence} of ${found.ledger}`}
              </Fact>
              <Fact name="State">{found.state}</Fact>
              {found.next_attempt_at !== null && (
                <Fact name="Next try">
                  <Time at={found.next_attempt_at} ago />
                </Fact>
              )}
            </Facts>
            <Attempts attempts={found.attempts} />
            <h3>Body</h3>
            <Snippet text={JSON.stringify(found.payload, null, 2)} what="body of the delivery" />
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

function Attempts({ attempts }: { attempts: Delivery["attempts"] }) {
  return (
    <>
      <h3>Attempts</h3>
      {attempts.length === 0 && <p className="muted">None yet.</p>}
      <ol className="webhook-attempts">
        {attempts.map((attempt) => (
          <li key={attempt.time}>
            <Time at={attempt.time} />: <strong>{attempt.status ?? "no answer"}</strong> in {attempt.duration_ms} ms
            {attempt.error !== null && <div>{attempt.error}</div>}
            {attempt.excerpt !== "" && <pre>{attempt.excerpt}</pre>}
          </li>
        ))}
      </ol>
    </>
  );
}
