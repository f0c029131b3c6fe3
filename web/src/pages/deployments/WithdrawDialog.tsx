import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { deploymentsKey, type Place } from "../../deployments/queries";
import { ActionDialog } from "../../ui/ActionDialog";

/** Asks whether to take a model off a target. */
export function WithdrawDialog({ place: { model, target }, onClose }: { place: Place; onClose: () => void }) {
  return (
    <ActionDialog
      title={`Take ${model} off ${target}`}
      label="Take it off"
      danger
      act={(_, key) =>
        api.DELETE("/v1/models/{model}/targets/{target}", {
          params: { path: { model, target }, header: changeHeaders(key) },
        })
      }
      said={`${model} is off ${target}`}
      refresh={[deploymentsKey(model)]}
      onClose={onClose}
    >
      <p>
        The registry no longer minds what {target} serves of the model, and deployments that have not ended there fail.
        Nothing changes on the target itself. The next move that the target takes deploys there again.
      </p>
    </ActionDialog>
  );
}
