import { Link } from "@tanstack/react-router";
import type { Document } from "../api/documents";
import { Card } from "../ui/Page";
import { Time } from "../ui/Time";
import { VerdictMark } from "./VerdictMark";

interface HealthProps {
  model: string;
  monitors: readonly Document<"HealthView">[];
}

/** How the monitors of a model stand; nothing if it has none. */
export function Health({ model, monitors }: HealthProps) {
  if (monitors.length === 0) {
    return null;
  }
  return (
    <Card
      title="Health"
      actions={
        <Link to="/models/$model/monitors" params={{ model }}>
          Monitors
        </Link>
      }
    >
      <ul className="stack">
        {monitors.map(({ name, verdict, version, since }) => (
          <li key={name}>
            <div className="spread">
              <Link to="/models/$model/monitors/$monitor" params={{ model, monitor: name }}>
                {name}
              </Link>
              <VerdictMark verdict={verdict} />
            </div>
            <div className="muted">
              {version === null ? "no version" : `version ${version}`}, since <Time at={since} ago />
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
