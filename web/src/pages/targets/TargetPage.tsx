import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { Tagged } from "../../api/tags";
import { duration } from "../../format/time";
import { Person } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { Card, Page } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { type Target, targetOf } from "./queries";
import { Starts } from "./Starts";
import { TargetActions } from "./TargetActions";
import { TargetPlaces } from "./TargetPlaces";

/** One target: what it takes, what happens around a deployment, and what it serves of each model. */
export function TargetPage() {
  const { target: name } = useParams({ strict: false }) as { target: string };
  const query = useQuery(targetOf(name));
  return (
    <Page
      title={name}
      above={<Link to="/targets">Targets</Link>}
      beside={query.data !== undefined && !query.data.enabled && <strong>off</strong>}
      actions={query.data !== undefined && <TargetActions target={query.data} />}
    >
      <Loaded query={query} lines={8}>
        {(target) => <Content target={target} />}
      </Loaded>
      <TargetPlaces target={name} />
    </Page>
  );
}

function Content({ target }: { target: Tagged<Target> }) {
  const { policy, reporters, config } = target;
  return (
    <>
      {!target.enabled && (
        <Notice tone="warn" title="This target is off">
          <p>No deployment is opened here.</p>
        </Notice>
      )}
      <Card title="What it takes">
        <Facts>
          {target.description !== "" && <Fact name="Description">{target.description}</Fact>}
          <Fact name="Environment">{target.environment}</Fact>
          <Fact name="Kind">{target.kind}</Fact>
          <Fact name="Deploys">
            what enters <Starts target={target} />
          </Fact>
          <Fact name="Models">{target.models.join(", ")}</Fact>
          <Fact name="Reporters">
            {reporters.length > 0 && `${reporters.join(", ")}, and `}
            who may deploy the model
          </Fact>
          {Object.keys(config).length > 0 && (
            <Fact name="Settings">
              <code>{JSON.stringify(config)}</code>
            </Fact>
          )}
          <Fact name="Created">
            <Time at={target.created_at} /> by <Person name={target.created_by} />
          </Fact>
          <Fact name="Changed">
            <Time at={target.updated_at} />
          </Fact>
        </Facts>
      </Card>
      <Card title="Around a deployment">
        <ul className="text">
          <li>{afterFailure(policy)}</li>
          <li>One that has not ended after {duration(policy.give_up_after)} has failed.</li>
          {Object.keys(policy.rollout).length > 0 && (
            <li>
              Roll-out: <code>{JSON.stringify(policy.rollout)}</code>
            </li>
          )}
        </ul>
      </Card>
    </>
  );
}

function afterFailure({ roll_back, move_back }: Target["policy"]): string {
  if (!roll_back) {
    return "After a failure nothing happens by itself.";
  }
  return move_back
    ? "After a failure the last good version is deployed again, and the stage or alias is rolled back if the scheme allows it."
    : "After a failure the last good version is deployed again. The stage or alias stays.";
}
