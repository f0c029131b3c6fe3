import { Link } from "@tanstack/react-router";
import { MeasureTable } from "../../evaluations/MeasureTable";
import { Data, Reporter } from "../../evaluations/Origin";
import type { Evaluation } from "../../evaluations/queries";
import { SliceTable } from "../../evaluations/SliceTable";
import { useVerdicts } from "../../evaluations/useVerdicts";
import type { Verdict } from "../../evaluations/verdict";
import { many } from "../../format/words";
import { VersionLink } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import type { VersionOverview } from "./queries";

// The page of the evaluation has all.
const MOST_SLICES = 6;

/** Measured sets of metrics, each with its intervals, its slices, and what it shows beside the version that serves. */
export function Evaluations({ glance }: { glance: VersionOverview }) {
  const { evaluations, version, compared_to: base } = glance;
  // Without evaluations there is nothing to ask for.
  const beside = evaluations.length === 0 ? undefined : base?.version.number;
  const verdicts = useVerdicts(version.model, beside, version.number);
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
    <>
      {verdicts.problem}
      <ul>
        {evaluations.map((evaluation) => (
          <li key={evaluation.name} className="evaluation">
            <One glance={glance} evaluation={evaluation} verdicts={verdicts.of(evaluation.name)} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface OneProps {
  glance: VersionOverview;
  evaluation: Evaluation;
  verdicts: ReadonlyMap<string, Verdict>;
}

function One({ glance, evaluation, verdicts }: OneProps) {
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
        verdicts={verdicts}
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
