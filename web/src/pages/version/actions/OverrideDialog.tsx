import { useState } from "react";
import { answered, api } from "../../../api/client";
import type { Version } from "../../../api/documents";
import { ActionDialog } from "../../../ui/ActionDialog";
import { SelectField } from "../../../ui/Field";
import { Notice } from "../../../ui/Notice";
import { looks, type Overview } from "../../model/queries";
import { consequencesOf } from "../../request/consequences";
import { Moving } from "../../request/Moving";

interface OverrideDialogProps {
  version: Version;
  glance: Overview;
  onClose: () => void;
}

/** Breaks the glass: moves a version whatever gates and approvals say. */
export function OverrideDialog({ version, glance, onClose }: OverrideDialogProps) {
  const { model, number, stage: from } = version;
  const next = glance.stages.find(({ name }) => name === from)?.next ?? [];
  const [to, setTo] = useState(next[0] ?? "");
  return (
    <ActionDialog
      title={to === "" ? "Break glass" : `Break glass: move version ${number} to ${to}`}
      said={`Version ${number} is in ${to}, against the rules`}
      reason="required"
      hint="Say why it cannot wait for the rules. It stays in the history for good."
      draft={`override ${model}/${number}`}
      danger
      refresh={[["model", model], ["inbox"]]}
      refused={to === "" ? `The scheme leads nowhere from ${from}.` : undefined}
      onClose={onClose}
      act={(reason, key) =>
        answered(
          api.POST("/v1/models/{model}/versions/{version}/override", {
            params: { path: { model, version: String(number) }, header: { "Idempotency-Key": key } },
            body: { to_stage: to, reason: reason ?? "", expected_stage: from },
          }),
        )
      }
    >
      <Notice tone="bad" title="This passes over gates and approvals">
        <p>
          The version moves whatever they say. The history names you, the reason, every gate that failed and every
          approval that was missing. Auditors are shown it.
        </p>
      </Notice>
      <SelectField label="To stage" value={to} onChange={(event) => setTo(event.target.value)}>
        {next.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <Moving
        request={{ model, version: number, from_stage: from, to_stage: to }}
        consequences={consequencesOf(glance.stages, number, to)}
        looks={looks(glance.stages)}
      />
    </ActionDialog>
  );
}
