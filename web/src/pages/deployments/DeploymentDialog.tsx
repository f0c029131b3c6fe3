import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/useSession";
import { DeploymentStatus } from "../../deployments/DeploymentStatus";
import { DeploymentLink, TargetLink } from "../../deployments/Places";
import { type Deployment, deploymentOf, type Place, placesOf } from "../../deployments/queries";
import { Digest, Person, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Loaded } from "../../ui/Loaded";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { causeInWords } from "./cause";
import { RetryDialog } from "./RetryDialog";

interface DeploymentDialogProps {
  model: string;
  deployment: string;
  onClose: () => void;
}

/** One deployment: what opened it, who reported what, and what can be read about it elsewhere. */
export function DeploymentDialog({ model, deployment, onClose }: DeploymentDialogProps) {
  const query = useQuery(deploymentOf(model, deployment));
  const [retrying, setRetrying] = useState(false);
  const places = useQuery(placesOf(model));
  const may = useMay();
  if (retrying && query.data !== undefined) {
    return <RetryDialog deployment={query.data} onClose={() => setRetrying(false)} />;
  }
  return (
    <Dialog title={`Deployment ${deployment}`} open onClose={onClose}>
      <Loaded query={query} lines={8}>
        {(found) => (
          <>
            <Content deployment={found} />
            {failed(found) && (
              <div className="row">
                <Button
                  refused={
                    may("deploy", model) ? olderThan(found, places.data?.items ?? []) : "It needs the action deploy."
                  }
                  onClick={() => setRetrying(true)}
                >
                  Try again
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

/** Why a deployment is too old to be tried again, if the places of its model tell so. */
function olderThan({ number, target }: Deployment, places: readonly Place[]): string | undefined {
  const place = places.find((known) => known.target === target);
  return place === undefined || place.last === number
    ? undefined
    : `There is a newer one on ${target}. Deploy the version anew.`;
}

function failed({ status }: Deployment): boolean {
  return status === "failed" || status === "rolled_back";
}

function Content({ deployment }: { deployment: Deployment }) {
  const { model, cause, reason, detail, links, started_at, ended_at, reported_by } = deployment;
  const named = Object.entries(links);
  return (
    <Facts>
      <Fact name="Status">
        <DeploymentStatus status={deployment.status} />
        {deployment.attempt > 1 && <span className="muted"> at attempt {deployment.attempt}</span>}
      </Fact>
      {detail !== "" && <Fact name="How it stands">{detail}</Fact>}
      <Fact name="Version">
        <VersionLink model={model} version={deployment.version} />
      </Fact>
      <Fact name="Digest">
        <Digest value={deployment.digest} />
      </Fact>
      <Fact name="Target">
        <TargetLink target={deployment.target} />{" "}
        <span className="muted">
          ({deployment.kind}, {deployment.environment})
        </span>
      </Fact>
      <Fact name="Cause">
        {causeInWords(cause.event_type)}{" "}
        <span className="muted">
          (event {cause.sequence}, <code>{cause.event_type}</code>)
        </span>
      </Fact>
      <Fact name="Opened">
        <Time at={deployment.opened_at} /> by <Person name={deployment.opened_by} />
      </Fact>
      {reason !== null && <Fact name="Why">{reason}</Fact>}
      {started_at !== null && (
        <Fact name="Started">
          <Time at={started_at} />
        </Fact>
      )}
      {ended_at !== null && (
        <Fact name="Ended">
          <Time at={ended_at} />
        </Fact>
      )}
      {reported_by !== null && (
        <Fact name="Reported by">
          <Person name={reported_by} />
        </Fact>
      )}
      <Neighbours deployment={deployment} />
      {named.length > 0 && (
        <Fact name="Links">
          <ul>
            {named.map(([title, url]) => (
              <li key={title}>
                <a href={url} target="_blank" rel="noreferrer">
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      <Fact name="Release">
        <Link to="/models/$model/versions/$version/release" params={{ model, version: String(deployment.version) }}>
          From registration to serving
        </Link>
      </Fact>
    </Facts>
  );
}

/** The deployments that came before and after this one in its place, as far as they touch it. */
function Neighbours({ deployment }: { deployment: Deployment }) {
  const { model } = deployment;
  const others = [
    ["Waited for", deployment.waited_for],
    ["Rolls back", deployment.rolls_back],
    ["Rolled back by", deployment.rolled_back_by],
    ["Superseded by", deployment.superseded_by],
  ] as const;
  return others.map(
    ([name, number]) =>
      number !== null && (
        <Fact key={name} name={name}>
          <DeploymentLink model={model} number={number} />
        </Fact>
      ),
  );
}
