import { Link } from "@tanstack/react-router";
import { listed, shortName } from "../../format/words";
import { Mark } from "../../ui/Badges";
import type { LedgerEvent } from "./moves";

interface Gate {
  gate: string;
  holds: boolean;
  reason: string;
}

/** What was known when a move was made: its gates, its approvals, the request behind it, and what was overridden. */
export function MoveDetails({ model, event }: { model: string; event: LedgerEvent }) {
  const { gates, approvals, overridden, request } = read(event.details);
  if (gates.length === 0 && approvals.length === 0 && overridden.length === 0 && request === null) {
    return null;
  }
  return (
    <details open={overridden.length > 0}>
      <summary>What was known then</summary>
      <ul className="timeline-changes">
        {overridden.length > 0 && (
          <li>
            Passed over: <strong>{listed(overridden)}</strong>
          </li>
        )}
        {gates.map((gate) => (
          <li key={gate.gate}>
            <Mark state={gate.holds ? "met" : "unmet"} /> <strong>{gate.gate}</strong> {gate.reason}
          </li>
        ))}
        {approvals.length > 0 && <li>Approved by {listed(approvals.map(shortName))}</li>}
        {request !== null && (
          <li>
            <Link to="/models/$model/requests/$request" params={{ model, request: String(request) }}>
              Request {request}
            </Link>
          </li>
        )}
      </ul>
    </details>
  );
}

/** The parts of an event's details that this page knows. */
function read(details: LedgerEvent["details"]) {
  const { gates, approvals, overridden, request } = details ?? {};
  return {
    gates: Array.isArray(gates) ? (gates as Gate[]) : [],
    approvals: Array.isArray(approvals) ? approvals.map(String) : [],
    overridden: Array.isArray(overridden) ? overridden.map(String) : [],
    request: typeof request === "number" ? request : null,
  };
}
