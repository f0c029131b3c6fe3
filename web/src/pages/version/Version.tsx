import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { Comments } from "../../comments/Comments";
import { bytes, count } from "../../format/number";
import { many } from "../../format/words";
import { clearanceOf } from "../../scanning/clearance";
import { QuarantineNotice } from "../../scanning/QuarantineNotice";
import { VerdictBadge } from "../../scanning/VerdictBadge";
import { Aliases } from "../../ui/Aliases";
import { Digest, Person, Stage } from "../../ui/Badges";
import { Copy } from "../../ui/Copy";
import { usePageKeys } from "../../ui/keys";
import { Loaded, Skeleton } from "../../ui/Loaded";
import { late } from "../../ui/late";
import { Notice } from "../../ui/Notice";
import { Card, Page } from "../../ui/Page";
import { Prose } from "../../ui/Prose";
import { Snippets } from "../../ui/Snippets";
import { Fact, Facts } from "../../ui/Table";
import { Tags } from "../../ui/Tags";
import { Time } from "../../ui/Time";
import { loadSnippets } from "../model/snippets";
import { ActivityCard } from "./ActivityCard";
import { Checks } from "./Checks";
import { Moves } from "./Moves";
import { Metrics, Parameters } from "./Numbers";
import { Provenance } from "./Provenance";
import { type VersionOverview, versionOverview } from "./queries";
import { UsageCard } from "./UsageCard";

// It brings intervals and their drawing, and most versions have none of them at first.
const Evaluations = late(() => import("./Evaluations").then(({ Evaluations }) => Evaluations));
// The menu with its dialogs is the heaviest part, and few readers open it.
const More = late(() => import("./actions/More").then(({ More }) => More));

/** One version: what it is, how it compares with what serves, where it can go, and where it came from. */
export function Version() {
  const { model, version: ref } = useParams({ strict: false }) as { model: string; version: string };
  const query = useQuery(versionOverview(model, ref));
  const version = query.data?.version;
  // A number in the address is known before the version is.
  useNeighbours(model, version?.number ?? (/^\d+$/.test(ref) ? Number(ref) : undefined));
  return (
    <Page
      title={
        version === undefined
          ? `Version ${ref}`
          : `Version ${version.number}${version.label ? ` · ${version.label}` : ""}`
      }
      above={
        <>
          <Link to="/models">Models</Link> /{" "}
          <Link to="/models/$model" params={{ model }}>
            {model}
          </Link>
        </>
      }
      beside={
        version !== undefined && (
          <>
            <Stage name={version.stage} />
            <Aliases names={version.aliases} />
            <VerdictBadge clearance={clearanceOf(version.scan)} />
            {version.status === "PENDING" && <span className="pending">uploading</span>}
          </>
        )
      }
      actions={
        version !== undefined && (
          <>
            <Link
              className="button"
              to="/models/$model/compare"
              params={{ model }}
              search={{ v: compared(query.data) }}
            >
              Compare
            </Link>
            <Link
              className="button"
              to="/models/$model/versions/$version/lineage"
              params={{ model, version: String(version.number) }}
            >
              Lineage
            </Link>
            <Link
              className="button"
              to="/models/$model/versions/$version/release"
              params={{ model, version: String(version.number) }}
            >
              Release
            </Link>
            <Link
              className="button"
              to="/models/$model/versions/$version/security"
              params={{ model, version: String(version.number) }}
            >
              Security
            </Link>
            <More version={version} />
            <span className="row">
              <code>
                <bdi>{model}</bdi>/{version.number}
              </code>
              <Copy text={`${model}/${version.number}`} what="the version's name" shortcut="y" />
            </span>
          </>
        )
      }
    >
      <Loaded query={query} lines={12}>
        {(glance) => <Content glance={glance} />}
      </Loaded>
    </Page>
  );
}

/** The version beside the one that it is compared with, as the page that compares takes them. */
function compared(glance: VersionOverview | undefined): string {
  const numbers = [glance?.compared_to?.version.number, glance?.version.number];
  return numbers.filter((number) => number !== undefined).join(",");
}

/** `[` and `]` go to the version before and after. */
function useNeighbours(model: string, number: number | undefined): void {
  const navigate = useNavigate();
  const keys = useMemo(() => {
    const go = (to: number) => {
      if (to >= 1) {
        void navigate({ to: "/models/$model/versions/$version", params: { model, version: String(to) } });
      }
    };
    return number === undefined ? {} : { "[": () => go(number - 1), "]": () => go(number + 1) };
  }, [model, number, navigate]);
  usePageKeys(keys);
}

function Content({ glance }: { glance: VersionOverview }) {
  const { version } = glance;
  return (
    <>
      <Restrictions glance={glance} />
      <div className="page-columns">
        <div className="page-column">
          <Card title="Next stages">
            <Moves version={version} />
          </Card>
          <Card title="Metrics">
            <Metrics glance={glance} />
          </Card>
          <Card title="Parameters">
            <Parameters glance={glance} />
          </Card>
          <Card title="Provenance">
            <Provenance version={version} />
          </Card>
          <Card title="Checks" flush>
            <Checks glance={glance} />
          </Card>
          <Card title="Evaluations" flush>
            <Evaluations glance={glance} waiting={<Skeleton lines={3} />} />
          </Card>
          {version.description !== "" && (
            <Card title="Description">
              <Prose text={version.description} />
            </Card>
          )}
          <UsageCard version={version} />
          <Comments model={version.model} on={{ version: version.number }} />
          <ActivityCard version={version} />
        </div>
        <div className="page-column">
          <Card title="Load it">
            <Snippets snippets={loadSnippets(version.model, version.number)} />
          </Card>
          <Card title="Facts">
            <Facts>
              <Fact name="Stage">
                {version.stage}, since <Time at={version.stage_since} />
              </Fact>
              <Fact name="Files">
                <Link
                  to="/models/$model/versions/$version/files"
                  params={{ model: version.model, version: String(version.number) }}
                >
                  {many(version.file_count, "file")}
                </Link>
                , <span title={`${count(version.total_size)} bytes`}>{bytes(version.total_size)}</span>
              </Fact>
              <Fact name="Digest">
                <Digest value={version.digest} />
              </Fact>
              <Fact name="Registered">
                <Time at={version.created_at} /> by <Person name={version.created_by} />
              </Fact>
              {version.task !== null && <Fact name="Task">{version.task}</Fact>}
              {version.framework !== null && (
                <Fact name="Framework">
                  {String(version.framework.name ?? "")} {String(version.framework.version ?? "")}
                </Fact>
              )}
            </Facts>
          </Card>
          {Object.keys(version.tags).length > 0 && (
            <Card title="Tags">
              <Tags tags={version.tags} />
            </Card>
          )}
        </div>
      </div>
    </>
  );
}

function Restrictions({ glance: { version } }: { glance: VersionOverview }) {
  return (
    <>
      <QuarantineNotice version={version} />
      {version.locked && (
        <Notice tone="warn" title="This version is locked">
          <p>
            {version.locked.reason} — <Person name={version.locked.by} />, <Time at={version.locked.at} />
          </p>
        </Notice>
      )}
      {version.legal_hold && (
        <Notice tone="warn" title="This version is under legal hold">
          <p>
            {version.legal_hold.reason} — <Person name={version.legal_hold.by} />, <Time at={version.legal_hold.at} />
          </p>
        </Notice>
      )}
      {version.status === "PENDING" && (
        <Notice title="The files are not complete yet">
          <p>
            Until they are, nobody can download or promote it.
            {version.upload_expires_at !== null && (
              <>
                {" "}
                The upload expires at <Time at={version.upload_expires_at} />.
              </>
            )}{" "}
            <code>
              moorage resume <bdi>{version.model}</bdi>/{version.number}
            </code>{" "}
            continues it.
          </p>
        </Notice>
      )}
    </>
  );
}
