import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Comments } from "../../comments/Comments";
import { Person } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { Card, Page } from "../../ui/Page";
import { RequestState } from "../../ui/RequestState";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { WhyNot } from "../../ui/WhyNot";
import { looks, type Overview, overviewOf } from "../model/queries";
import { Actions } from "./Actions";
import { Beside } from "./Beside";
import { type Consequences, consequencesOf } from "./consequences";
import { isClosed } from "./duties";
import { Moving } from "./Moving";
import { type Standing, standingOf } from "./queries";
import { Votes } from "./Votes";
import "./Request.css";

/** A transition request: what moves, whether it may, how the version compares, and what people say about it. */
export function Request() {
  const { model, request: number } = useParams({ strict: false }) as { model: string; request: string };
  const standing = useQuery(standingOf(model, number));
  const glance = useQuery(overviewOf(model));
  const request = standing.data?.request;
  return (
    <Page
      title={
        request === undefined
          ? `Request ${number}`
          : `Request ${request.number}: version ${request.version} to ${request.to_stage}`
      }
      beside={request !== undefined && <RequestState state={request.state} />}
    >
      <Loaded query={standing} lines={12}>
        {(found) => (
          <Loaded query={glance} lines={12}>
            {(overview) => <Content standing={found} glance={overview} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function Content({ standing, glance }: { standing: Standing; glance: Overview }) {
  const { request } = standing;
  const { model, number, version } = request;
  const closed = isClosed(request);
  const consequences: Consequences = closed
    ? { displaced: null, aliases: [] }
    : consequencesOf(glance.stages, version, request.to_stage);
  const look = looks(glance.stages);
  const base = baseOf(standing, glance, consequences);
  return (
    <>
      {closed && <Closing standing={standing} />}
      <div className="request-top">
        <div className="page-column">
          <Card title="What moves">
            <Moving request={request} consequences={consequences} looks={look} />
            {request.reason !== null && <blockquote className="quote">{request.reason}</blockquote>}
            <p className="muted">
              <Person name={request.requested_by} /> asked, <Time at={request.requested_at} ago />
              {request.due_at !== null && (
                <>
                  {" · "}due <Time at={request.due_at} ago />
                </>
              )}
            </p>
          </Card>
          {!closed && (
            <Card title="Standing">
              <WhyNot
                model={model}
                version={version}
                gates={standing.gates}
                approvals={standing.approvals}
                // The votes beside say themselves that they are void.
                blockers={standing.blockers.filter((blocker) => !blocker.startsWith("the vote of "))}
              />
              <Actions standing={standing} consequences={consequences} looks={look} />
            </Card>
          )}
          <Card title="Votes">
            <Votes standing={standing} />
          </Card>
          <Comments model={model} on={{ request: number }} />
        </div>
        <div className="page-column">
          {base === null ? (
            <Card title="Compared with what serves">
              <p className="muted">
                {glance.champion === null
                  ? "Nothing serves yet, so there is nothing to compare with."
                  : `Version ${version} itself is the champion now.`}
              </p>
            </Card>
          ) : (
            <Beside model={model} version={version} base={base} directions={glance.directions} />
          )}
          <Card title="Facts">
            <Facts>
              <Fact name="Scheme">
                <Link to="/schemes/$scheme" params={{ scheme: standing.scheme.name }}>
                  {standing.scheme.name}
                </Link>
                , version {standing.scheme.version}
              </Fact>
              <Fact name="Registered by">
                <Person name={request.author} />
              </Fact>
              {request.authors.length > 0 && (
                <Fact name="Bytes also by">
                  {request.authors.map((name) => (
                    <Person key={name} name={name} />
                  ))}
                </Fact>
              )}
              <Fact name="Opened">
                <Time at={request.requested_at} />
              </Fact>
              <Fact name="Due">{request.due_at === null ? "—" : <Time at={request.due_at} />}</Fact>
            </Facts>
          </Card>
        </div>
      </div>
    </>
  );
}

function Closing({ standing: { request } }: { standing: Standing }) {
  return (
    <Notice tone={request.state === "executed" ? "good" : "plain"} title={`This request is ${request.state}`}>
      {request.closed_by !== null && request.closed_at !== null && (
        <p>
          <Person name={request.closed_by} />, <Time at={request.closed_at} ago />
          {request.closing_reason !== null && `: ${request.closing_reason}`}
        </p>
      )}
    </Notice>
  );
}

/** The version to compare with: the one that has to leave, else the one that serves. */
export function baseOf(
  { request }: Pick<Standing, "request">,
  glance: Pick<Overview, "champion">,
  { displaced }: Consequences,
): { version: number; why: string } | null {
  if (displaced !== null) {
    return { version: displaced.version, why: `It holds ${request.to_stage} now.` };
  }
  const champion = glance.champion?.number;
  if (champion === undefined || champion === request.version) {
    return null;
  }
  return { version: champion, why: "It is the champion now." };
}
