import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MeasureTable } from "../../evaluations/MeasureTable";
import { Data, Reporter } from "../../evaluations/Origin";
import type { Evaluation } from "../../evaluations/queries";
import { SliceTable } from "../../evaluations/SliceTable";
import { type Comparison, verdictsOf } from "../../evaluations/verdict";
import { many } from "../../format/words";
import { VersionLink } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { comparisonOf } from "../compare/queries";
import type { VersionOverview } from "./queries";

// The page of the evaluation has all.
const MOST_SLICES = 6;

/** Measured sets of metrics, each with its intervals, its slices, and what it shows beside the version that serves. */
export function Evaluations({ glance }: { glance: VersionOverview }) {
  const { evaluations, version, compared_to: base } = glance;
  const versions = [base?.version.number, version.number].filter((number) => number !== undefined).map(String);
  const comparison = useQuery({
    ...comparisonOf(version.model, versions),
    enabled: evaluations.length > 0 && base !== null,
  }).data;
  if (evaluations.length === 0) {
    return (
      <Empty title="No evaluations yet">
        <p>
          Record one with{" "}
          <code>
            moorage evaluations record {version.model}/{version.number} holdout --metric auc=0.94
          </code>
          .
        </p>
      </Empty>
    );
  }
  return (
    <ul>
      {evaluations.map((evaluation) => (
        <li key={evaluation.name} className="evaluation">
          <One glance={glance} evaluation={evaluation} comparison={comparison} />
        </li>
      ))}
    </ul>
  );
}

interface OneProps {
  glance: VersionOverview;
  evaluation: Evaluation;
  comparison: Comparison | undefined;
}

function One({ glance, evaluation, comparison }: OneProps) {
  const { version, compared_to: base, directions } = glance;
  const { slices } = evaluation;
  const params = { model: version.model, version: String(version.number), evaluation: evaluation.name };
  return (
    <>
      <div className="spread">
        <h3>
          <Link to="/models/$model/versions/$version/evaluations/$evaluation" params={params}>
            {evaluation.name}
          </Link>{" "}
          <span className="muted">({evaluation.kind})</span>
        </h3>
        <span className="muted">
          <Reporter evaluation={evaluation} />
        </span>
      </div>
      <div className="row muted">
        <span>On</span> <Data dataset={evaluation.dataset} />
      </div>
      <MeasureTable
        evaluation={evaluation}
        directions={directions}
        verdicts={verdictsOf(comparison, evaluation.name)}
        beside={
          base !== null && (
            <>
              Beside <VersionLink model={version.model} version={base.version.number} />
            </>
          )
        }
      />
      {slices.length > 0 && <SliceTable evaluation={evaluation} directions={directions} most={MOST_SLICES} />}
      {slices.length > MOST_SLICES && (
        <p>
          <Link to="/models/$model/versions/$version/evaluations/$evaluation" params={params}>
            All {many(slices.length, "slice")}
          </Link>
        </p>
      )}
    </>
  );
}
