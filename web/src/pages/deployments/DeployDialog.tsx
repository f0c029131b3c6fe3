import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { deploymentsKey } from "../../deployments/queries";
import { ActionDialog } from "../../ui/ActionDialog";
import { TextField } from "../../ui/Field";
import { useFields } from "../../ui/fields";
import { asReference } from "./reference";

interface DeployDialogProps {
  model: string;
  /** The targets that have versions of the model already. */
  targets: readonly string[];
  onClose: () => void;
}

/** Asks for a version and a target, and opens a deployment. */
export function DeployDialog({ model, targets, onClose }: DeployDialogProps) {
  const { texts, field } = useFields({ version: "", target: targets.length === 1 ? (targets[0] ?? "") : "" });
  return (
    <ActionDialog
      title={`Deploy a version of ${model}`}
      label="Deploy"
      reason="optional"
      act={(reason, key) =>
        api.POST("/v1/models/{model}/deployments", {
          params: { path: { model }, header: changeHeaders(key) },
          body: { target: texts.target.trim(), version: asReference(texts.version), reason },
        })
      }
      said="The deployment is open"
      refresh={[deploymentsKey(model)]}
      onClose={onClose}
    >
      {(error) => (
        <>
          <p>
            A target takes the versions that stand in its stage or that its alias points at, and its last good one. A
            deployment there that nobody has begun is superseded.
          </p>
          <TextField
            label="Version"
            hint="A number, or an alias such as @champion."
            required
            {...field("version", error)}
          />
          <TextField label="Target" required list="deploy-targets" {...field("target", error)} />
          <datalist id="deploy-targets">
            {targets.map((target) => (
              <option key={target} value={target} />
            ))}
          </datalist>
        </>
      )}
    </ActionDialog>
  );
}
