import { api } from "../../api/client";
import { ActionDialog } from "../../ui/ActionDialog";
import { SCHEMES } from "./queries";

/** Asks before a scheme becomes that of new models. */
export function DefaultDialog({ scheme, onClose }: { scheme: string; onClose: () => void }) {
  return (
    <ActionDialog
      title={`Use ${scheme} for new models`}
      act={(_, key) =>
        api.PUT("/v1/default-scheme", { params: { header: { "Idempotency-Key": key } }, body: { scheme } })
      }
      said={`New models follow ${scheme}`}
      refresh={[SCHEMES]}
      onClose={onClose}
    >
      <p>
        Every model that is created from now on follows it, and gets its later versions. Existing models keep theirs.
      </p>
    </ActionDialog>
  );
}
