import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { many } from "../../format/words";
import { ActionDialog } from "../../ui/ActionDialog";
import { SelectField, Tick } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { Time } from "../../ui/Time";
import { daysFrom } from "./days";

// The API allows no more than 90.
const DAYS = [1, 7, 30, 90];

interface ReleaseDialogProps {
  model: string;
  version: number;
  onClose: () => void;
}

/** Breaks the glass: gives out the bytes of a version in quarantine for a time. */
export function ReleaseDialog({ model, version, onClose }: ReleaseDialogProps) {
  const [days, setDays] = useState(1);
  const [sure, setSure] = useState(false);
  const [opened] = useState(() => new Date());
  const expires = daysFrom(opened, days);
  return (
    <ActionDialog
      title={`Release version ${version} from quarantine`}
      act={(reason, key) =>
        api.PUT("/v1/models/{model}/versions/{version}/scan/release", {
          params: { path: { model, version: String(version) }, header: changeHeaders(key) },
          body: { reason: reason ?? "", expires_at: expires },
        })
      }
      said={`Version ${version} is released from quarantine`}
      refresh={[["model", model]]}
      reason="required"
      hint="Say who looked at what was found, and why it is needed. It stays in the history for good."
      danger
      refused={sure ? undefined : "Tick that you know what it means."}
      onClose={onClose}
    >
      <Notice tone="bad" title="This gives out files that the scan did not find good">
        <p>
          Until the release ends, everybody who may download <bdi>{model}</bdi> gets these files, by number and by
          alias, and the version can move and be deployed as if it were clean. The verdict stays, and is shown with
          every download. The history names you.
        </p>
      </Notice>
      <SelectField label="For" value={days} onChange={(event) => setDays(Number(event.target.value))}>
        {DAYS.map((number) => (
          <option key={number} value={number}>
            {many(number, "day")}
          </option>
        ))}
      </SelectField>
      <p>
        It ends by itself at <Time at={expires} />.
      </p>
      <Tick
        label="I know that loading these files may run what was found in them."
        checked={sure}
        onChange={(event) => setSure(event.target.checked)}
      />
    </ActionDialog>
  );
}
