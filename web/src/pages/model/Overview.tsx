import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { many } from "../../format/words";
import { Health } from "../../monitors/Health";
import { clearanceOf } from "../../scanning/clearance";
import { VerdictBadge } from "../../scanning/VerdictBadge";
import { Alias, Person, Stage, VersionLink } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { Card, Page } from "../../ui/Page";
import { Prose } from "../../ui/Prose";
import { Snippets } from "../../ui/Snippets";
import { StarButton } from "../../ui/StarButton";
import { Fact, Facts } from "../../ui/Table";
import { Tags } from "../../ui/Tags";
import { Time } from "../../ui/Time";
import { ClassificationBadge } from "./ClassificationBadge";
import { Duel } from "./Duel";
import { MetricHistory } from "./MetricHistory";
import { type Overview as Glance, looks, overviewOf, servingStage } from "./queries";
import { loadSnippets } from "./snippets";

/** A model at a glance. */
export function Overview() {
  const { model } = useParams({ strict: false }) as { model: string };
  const query = useQuery(overviewOf(model));
  return (
    <Page
      title={model}
      beside={
        query.data !== undefined && (
          <>
            {query.data.model.tier !== "low" && `${query.data.model.tier} risk`}
            <ClassificationBadge {...query.data.model} />
          </>
        )
      }
      actions={query.data !== undefined && <StarButton model={model} />}
    >
      <Loaded query={query} lines={12}>
        {(glance) => <Content glance={glance} />}
      </Loaded>
    </Page>
  );
}

function Content({ glance }: { glance: Glance }) {
  const { model, card, requests } = glance;
  const served = servingStage(glance.stages);
  return (
    <>
      {model.frozen && (
        <Notice tone="warn" title="This model is frozen">
          <p>
            {model.frozen.reason} — <Person name={model.frozen.by} />, <Time at={model.frozen.at} />
          </p>
        </Notice>
      )}
      <div className="page-columns">
        <div className="page-column">
          <Card title="Champion and challenger">
            <Duel glance={glance} />
          </Card>
          <MetricHistory glance={glance} />
          <Card title="Stages" flush>
            <Stages glance={glance} />
          </Card>
          <Card
            title="About this model"
            actions={
              <Link to="/models/$model/card" params={{ model: model.name }}>
                Whole card
              </Link>
            }
          >
            {model.description !== "" && <p className="text">{model.description}</p>}
            {card.introduction === "" ? (
              <p className="muted">The card has no introduction yet.</p>
            ) : (
              <Prose text={card.introduction_cut ? `${card.introduction} …` : card.introduction} />
            )}
          </Card>
        </div>
        <div className="page-column">
          {requests.length > 0 && (
            <Card title={`${many(requests.length, "open request")}`}>
              <ul className="stack">
                {requests.map((request) => (
                  <li key={request.number}>
                    <Link
                      to="/models/$model/requests/$request"
                      params={{ model: model.name, request: String(request.number) }}
                    >
                      Version {request.version} to {request.to_stage}
                    </Link>
                    <div className="muted">
                      <Person name={request.requested_by} />, <Time at={request.requested_at} />
                    </div>
                  </li>
                ))}
              </ul>
            </Card>
          )}
          <Health model={model.name} monitors={glance.monitors} />
          <Card title="Load it">
            <Snippets
              snippets={loadSnippets(model.name, glance.champion === null ? (served?.version ?? null) : "champion")}
            />
          </Card>
          <Card title="Facts">
            <Facts>
              <Fact name="Owner">{model.owner === "" ? "—" : <Person name={model.owner} />}</Fact>
              <Fact name="Versions">
                <Link to="/models/$model/versions" params={{ model: model.name }}>
                  {many(model.versions, "version")}
                </Link>
              </Fact>
              <Fact name="Scheme">
                <Link to="/schemes/$scheme" params={{ scheme: model.scheme.name }}>
                  {model.scheme.name}
                </Link>
                , version {model.scheme.version}
              </Fact>
              <Fact name="Risk tier">{model.tier}</Fact>
              <Fact name="Classification">
                {model.classification ?? "—"}
                {model.personal_data ? ", personal data" : ""}
              </Fact>
              <Fact name="Aliases">
                <ul className="stack-tight">
                  {Object.entries(model.aliases).map(([name, version]) => (
                    <li key={name} className="row">
                      <Alias name={name} locked={model.protected_aliases.includes(name)} />
                      <VersionLink model={model.name} version={version} />
                    </li>
                  ))}
                  {Object.keys(model.aliases).length === 0 && <li>—</li>}
                </ul>
              </Fact>
              <Fact name="Created">
                <Time at={model.created_at} /> by <Person name={model.created_by} />
              </Fact>
              <Fact name="Changed">
                <Time at={model.updated_at} />
              </Fact>
            </Facts>
          </Card>
          {Object.keys(model.tags).length > 0 && (
            <Card title="Tags">
              <Tags tags={model.tags} />
            </Card>
          )}
        </div>
      </div>
    </>
  );
}

function Stages({ glance }: { glance: Glance }) {
  const look = looks(glance.stages);
  const { name } = glance.model;
  if (glance.model.versions === 0) {
    return (
      <Empty title="No versions yet">
        <p>
          Register the first with <code>moorage register {name} model/</code>.
        </p>
      </Empty>
    );
  }
  return (
    <ul className="stages">
      {glance.stages.map((stage) => (
        <li key={stage.name}>
          <span>
            <Stage name={stage.name} look={look[stage.name]} />
          </span>
          <span className="muted">{many(stage.count, "version")}</span>
          <span className="row">
            {stage.versions.slice(0, 4).map((version) => (
              <span key={version.number}>
                <VersionLink model={name} version={version.number} label={version.label} />
                {version.status === "PENDING" && <span className="muted"> (uploading)</span>}{" "}
                <VerdictBadge clearance={clearanceOf(version.scan)} quiet />
              </span>
            ))}
            {stage.count > 4 && (
              <span className="muted">and {stage.count - Math.min(4, stage.versions.length)} more</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
