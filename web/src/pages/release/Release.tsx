import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { DeploymentLink } from "../../deployments/Places";
import { told } from "../../format/events";
import { lapse } from "../../format/time";
import { type Happening, Timeline } from "../../timeline/Timeline";
import { useMore } from "../../timeline/useMore";
import { Aliases } from "../../ui/Aliases";
import { Stage } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { VersionPage } from "../../ui/VersionPage";
import { eventsOf } from "../history/queries";
import { versionOverview } from "../version/queries";
import { isGrave, type LedgerEvent, milestonesOf, reachBack, stepsOf } from "./steps";

/** What has a page of its own, and is named in sentences by its number. */
const LINKED = ["deployment", "request"];

/** The way of one version from registration to serving: every step in order, with who and why. */
export function Release() {
  const { model, version: ref } = useParams({ strict: false }) as { model: string; version: string };
  const query = useQuery(versionOverview(model, ref));
  const version = query.data?.version;
  return (
    <VersionPage
      title="Release"
      model={model}
      version={ref}
      number={version?.number}
      beside={
        version !== undefined && (
          <>
            <Stage name={version.stage} />
            <Aliases names={version.aliases} />
          </>
        )
      }
      actions={
        <Link className="button" to="/models/$model/deployments" params={{ model }}>
          Deployments of the model
        </Link>
      }
    >
      <Loaded query={query} lines={10}>
        {(glance) => <Steps model={model} version={glance.version.number} />}
      </Loaded>
    </VersionPage>
  );
}

function Steps({ model, version }: { model: string; version: number }) {
  const query = useInfiniteQuery(eventsOf(model));
  const events = (query.data?.pages ?? []).flatMap((page) => page.items);
  const whole = reachBack(events, version);
  const more = query.hasNextPage && !whole;
  useMore(query, whole ? 1 : 0, 1);
  const steps = stepsOf(events, version);
  return (
    <Loaded query={query} lines={10}>
      {() => (
        <>
          {whole && (
            <Card title="How far it came">
              <Milestones steps={steps} version={version} />
            </Card>
          )}
          <Card title="Every step, the first one first">
            {more && (
              <div className="row">
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Look further back
                </Button>
                <span className="muted">Earlier steps are not shown yet.</span>
              </div>
            )}
            {steps.length === 0 && !more && <p className="muted">No event tells of this version.</p>}
            <Timeline happenings={steps.map((event) => happening(model, event))} />
          </Card>
        </>
      )}
    </Loaded>
  );
}

function Milestones({ steps, version }: { steps: readonly LedgerEvent[]; version: number }) {
  const milestones = milestonesOf(steps, version);
  const begun = milestones[0];
  return (
    <Facts>
      {milestones.map(({ name, at }) => (
        <Fact key={name} name={name}>
          <Time at={at} />
          {begun !== undefined && lapse(begun.at, at) !== "0 s" && (
            <span className="muted"> · after {lapse(begun.at, at)}</span>
          )}
        </Fact>
      ))}
    </Facts>
  );
}

function happening(model: string, event: LedgerEvent): Happening {
  return {
    key: event.id,
    at: event.time,
    actor: event.actor,
    trigger: event.trigger,
    // The reason of a drift says in the registry's words what the sentence says.
    reason: event.type === "deployment.drifted" ? null : event.reason,
    sentence: <Sentence model={model} event={event} />,
    grave: isGrave(event),
  };
}

/** What happened, in which the deployment or request that it is about is a link. */
function Sentence({ model, event }: { model: string; event: LedgerEvent }) {
  const text = told(event);
  const [kind = ""] = event.type.split(".");
  const named = `${kind} ${event.subject}`;
  const at = LINKED.includes(kind) && event.subject !== null ? text.indexOf(named) : -1;
  if (at < 0) {
    return text;
  }
  return (
    <>
      {text.slice(0, at)}
      {kind === "deployment" ? (
        <DeploymentLink model={model} number={Number(event.subject)} />
      ) : (
        <Link to="/models/$model/requests/$request" params={{ model, request: String(event.subject) }}>
          {named}
        </Link>
      )}
      {text.slice(at + named.length)}
    </>
  );
}
