import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useId } from "react";
import { quoted } from "../../format/fields";
import { count } from "../../format/number";
import { many } from "../../format/words";
import { clearanceOf } from "../../scanning/clearance";
import { VerdictBadge } from "../../scanning/VerdictBadge";
import { Aliases } from "../../ui/Aliases";
import { Stage, type StageLook, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Metric } from "../../ui/Metric";
import { Time } from "../../ui/Time";
import type { Overview } from "../model/queries";

interface ColumnProps {
  stage: Overview["stages"][number];
  look: StageLook | undefined;
  glance: Overview;
  /** The metric to show of each version; undefined if no version has one. */
  metric: string | undefined;
  onMove: (version: number) => void;
}

/** A stage with its newest versions. */
export function StageColumn({ stage, look, glance, metric, onMove }: ColumnProps) {
  const { model } = glance;
  const more = stage.count - stage.versions.length;
  const id = useId();
  return (
    <section className="board-stage" aria-labelledby={id}>
      <div className="spread">
        <h2 id={id}>
          <Stage name={stage.name} look={look} />
        </h2>
        <span className="muted" title={many(stage.count, "version")}>
          {count(stage.count)}
        </span>
      </div>
      {stage.exclusive && <p className="muted board-rule">One version at a time</p>}
      {stage.versions.length === 0 && <p className="muted">No version.</p>}
      <ul className="board-cards">
        {stage.versions.map((version) => (
          <li key={version.number}>
            <VersionCard version={version} glance={glance} metric={metric} onMove={onMove} />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <Link
          to="/models/$model/versions"
          params={{ model: model.name }}
          search={{ q: `stage = ${quoted(stage.name)}` }}
        >
          {count(more)} more
        </Link>
      )}
    </section>
  );
}

/** The id of the button that moves a version: the focus returns there, in whichever column it stands then. */
export function moveButton(version: number): string {
  return `move-${version}`;
}

interface CardProps extends Pick<ColumnProps, "glance" | "metric" | "onMove"> {
  version: Overview["stages"][number]["versions"][number];
}

function VersionCard({ version, glance, metric, onMove }: CardProps) {
  const { model, champion, directions, locked, requests } = glance;
  const asked = requests.filter((request) => request.version === version.number);
  return (
    <div className="board-card">
      <div className="row">
        <VersionLink model={model.name} version={version.number} label={version.label} />
        {locked.includes(version.number) && <Lock className="board-lock" aria-label="locked" />}
        {version.status === "PENDING" && <span className="pending">uploading</span>}
        <VerdictBadge clearance={clearanceOf(version.scan)} quiet />
      </div>
      {version.aliases.length > 0 && (
        <div className="row">
          <Aliases names={version.aliases} locked={model.protected_aliases} />
        </div>
      )}
      {metric !== undefined && (
        <div className="board-metric">
          <span className="muted">{metric}</span>
          <Metric
            value={version.metrics[metric]}
            base={champion === null || champion.number === version.number ? undefined : champion.metrics[metric]}
            direction={directions[metric]}
          />
        </div>
      )}
      {asked.map((request) => (
        <Link
          key={request.number}
          to="/models/$model/requests/$request"
          params={{ model: model.name, request: String(request.number) }}
        >
          Request to {request.to_stage}
        </Link>
      ))}
      <div className="board-foot">
        <span className="muted">
          <span className="visually-hidden">In this stage since </span>
          <Time at={version.stage_since} />
        </span>
        <Button id={moveButton(version.number)} onClick={() => onMove(version.number)}>
          <span>
            Move<span className="visually-hidden"> version {version.number}</span> …
          </span>
        </Button>
      </div>
    </div>
  );
}
