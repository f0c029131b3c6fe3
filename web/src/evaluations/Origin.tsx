import { Digest, Person } from "../ui/Badges";
import { Time } from "../ui/Time";
import type { Evaluation } from "./queries";
import { inRoles } from "./words";

/** Who reported an evaluation, in which role, and when it was measured. */
export function Reporter({ evaluation }: { evaluation: Evaluation }) {
  return (
    <>
      <Person name={evaluation.reported_by} />
      {inRoles(evaluation)}, <Time at={evaluation.measured_at} />
    </>
  );
}

/** What an evaluation was made on: the dataset, and the digest that says in which state. */
export function Data({ dataset }: { dataset: Evaluation["dataset"] }) {
  if (dataset === null) {
    return <>a dataset that was not recorded</>;
  }
  return (
    <span className="row">
      <span>
        {dataset.name} {dataset.version ?? ""}
      </span>
      {dataset.digest == null ? (
        <span className="muted">without a digest</span>
      ) : (
        <Digest value={dataset.digest} what="digest of the dataset" />
      )}
    </span>
  );
}
