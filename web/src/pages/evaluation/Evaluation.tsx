import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { MeasureTable } from "../../evaluations/MeasureTable";
import { Data } from "../../evaluations/Origin";
import type { Evaluation as Recorded } from "../../evaluations/queries";
import { SliceTable } from "../../evaluations/SliceTable";
import { useVerdicts } from "../../evaluations/useVerdicts";
import { inRoles } from "../../evaluations/words";
import { count } from "../../format/number";
import { Person, VersionLink } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { VersionPage } from "../../ui/VersionPage";
import { type VersionOverview, versionOverview } from "../version/queries";
import { EvaluationHistory } from "./EvaluationHistory";
import { EvidenceFiles } from "./EvidenceFiles";
import { SliceWhiskers } from "./SliceWhiskers";

interface Params {
  model: string;
  version: string;
  evaluation: string;
}

/** One evaluation of a version: what was measured on what by whom, group by group, and how it went over time. */
export function Evaluation() {
  const { model, version, evaluation } = useParams({ strict: false }) as Params;
  const query = useQuery(versionOverview(model, version));
  const found = query.data?.evaluations.find(({ name }) => name === evaluation);
  return (
    <VersionPage
      title={evaluation}
      model={model}
      version={version}
      number={query.data?.version.number}
      part="Evaluations"
      beside={found !== undefined && <span className="muted">{found.kind} evaluation</span>}
    >
      <Loaded query={query} lines={12}>
        {(glance) => <Content glance={glance} name={evaluation} evaluation={found} />}
      </Loaded>
    </VersionPage>
  );
}

interface ContentProps {
  glance: VersionOverview;
  name: string;
  /** Undefined: it was withdrawn, or there never was one. */
  evaluation: Recorded | undefined;
}

function Content({ glance, name, evaluation }: ContentProps) {
  const { version } = glance;
  if (evaluation === undefined) {
    return (
      <>
        <div className="card">
          <Empty title="This version has no evaluation of this name now">
            <p>Its history tells whether it had one.</p>
          </Empty>
        </div>
        <EvaluationHistory model={version.model} version={version.number} name={name} metrics={[]} />
      </>
    );
  }
  return (
    <>
      <Latest glance={glance} evaluation={evaluation} />
      {evaluation.slices.length > 0 && (
        // It has more columns than half of the page has room for.
        <Card title="Slices" flush>
          <SliceTable evaluation={evaluation} directions={glance.directions} />
        </Card>
      )}
      <EvidenceFiles model={version.model} version={version.number} evaluation={name} />
      <EvaluationHistory
        model={version.model}
        version={version.number}
        name={name}
        metrics={Object.keys(evaluation.metrics)}
      />
    </>
  );
}

function Latest({ glance, evaluation }: { glance: VersionOverview; evaluation: Recorded }) {
  const { version, compared_to: base, directions } = glance;
  const [{ metric }] = useAddress();
  const verdicts = useVerdicts(version.model, base?.version.number, version.number);
  return (
    <div className="page-columns">
      <div className="page-column">
        <Card title="Metrics" flush>
          {verdicts.problem}
          <MeasureTable
            evaluation={evaluation}
            directions={directions}
            verdicts={verdicts.of(evaluation.name)}
            beside={
              base !== null && (
                <>
                  Beside <VersionLink model={version.model} version={base.version.number} />
                </>
              )
            }
          />
        </Card>
        {evaluation.slices.length > 0 && <SliceWhiskers evaluation={evaluation} metric={metric} />}
      </div>
      <div className="page-column">
        <Card title="Facts">
          <Facts>
            <Fact name="Measured">
              <Time at={evaluation.measured_at} />
            </Fact>
            <Fact name="Reported">
              <Time at={evaluation.reported_at} /> by <Person name={evaluation.reported_by} />
              {inRoles(evaluation)}
            </Fact>
            {evaluation.person !== "" && evaluation.person !== evaluation.reported_by && (
              <Fact name="Person">
                <Person name={evaluation.person} />
              </Fact>
            )}
            {Object.entries(evaluation.claims).map(([claim, values]) => (
              <Fact key={claim} name={claim}>
                {values.join(", ")}
              </Fact>
            ))}
            <Fact name="Dataset">
              <Data dataset={evaluation.dataset} />
            </Fact>
          </Facts>
        </Card>
        {evaluation.paired !== null && <PairedCard model={version.model} paired={evaluation.paired} />}
      </div>
    </div>
  );
}

/** How often the version and another one were right about the same examples. */
function PairedCard({ model, paired }: { model: string; paired: NonNullable<Recorded["paired"]> }) {
  return (
    <Card title="On the same examples">
      <p className="muted">
        Beside <VersionLink model={model} version={paired.against} />
      </p>
      <Facts>
        <Fact name="Both right">{count(paired.both_right)}</Fact>
        <Fact name="Only this">{count(paired.only_this)}</Fact>
        <Fact name="Only the other">{count(paired.only_other)}</Fact>
        <Fact name="Both wrong">{count(paired.both_wrong)}</Fact>
      </Facts>
    </Card>
  );
}
