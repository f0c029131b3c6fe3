import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { type Deployment, deploymentsKey } from "../../deployments/queries";
import { ActionDialog } from "../../ui/ActionDialog";

/** Asks whether to try a deployment again that failed. */
export function RetryDialog({ deployment, onClose }: { deployment: Deployment; onClose: () => void }) {
  const { model, number, version, target, attempt } = deployment;
  return (
    <ActionDialog
      title={`Try deployment ${number} again`}
      draft={`Try deployment ${number} of ${model} again`}
      label="Try again"
      reason="optional"
      act={(reason, key) =>
        api.POST("/v1/models/{model}/deployments/{deployment}/retry", {
          params: { path: { model, deployment: String(number) }, header: changeHeaders(key) },
          body: { reason },
        })
      }
      said={`Deployment ${number} is pending again`}
      refresh={[deploymentsKey(model)]}
      onClose={onClose}
    >
      <p>
        Version {version} is to be put on {target} once more. It will be attempt {attempt + 1}; what was reported of the
        one before is dropped from the deployment, and stays in the events.
      </p>
    </ActionDialog>
  );
}
