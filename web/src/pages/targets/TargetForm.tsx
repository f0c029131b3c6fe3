import { useState } from "react";
import { answered, api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { changeHeaders, type Tagged } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { SelectField, TextArea, TextField, Tick } from "../../ui/Field";
import { TARGETS, type Target } from "./queries";
import { type Draft, documentOf, draftOf, type Pointer } from "./targetDraft";

interface TargetFormProps {
  /** The target to change; without it, an external one is created. */
  target?: Tagged<Target>;
  onClose: () => void;
  /** Called with the name of the target that was saved. */
  onSaved: (name: string) => void;
}

/** Asks what a target takes, who may report for it, and what happens around a deployment. */
export function TargetForm({ target: opened, onClose, onSaved }: TargetFormProps) {
  // What is edited, and its ETag, must not change under the hand.
  const [target] = useState(opened);
  const [draft, setDraft] = useState(() => draftOf(target));
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const field = (name: keyof Draft, error: unknown, pointer = `/${name}`) => ({
    value: String(draft[name]),
    fault: faultAt(error, pointer),
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });
  async function run(key: string): Promise<string> {
    const saved = await answered(
      api.PUT("/v1/targets/{target}", {
        params: { path: { target: draft.name }, header: changeHeaders(key, target?.etag ?? null) },
        body: documentOf(draft, target),
      }),
    );
    return saved.name;
  }
  return (
    <ActionDialog
      title={target === undefined ? "Create a target" : `Change the target ${target.name}`}
      label={target === undefined ? "Create the target" : "Save the target"}
      act={(_, key) => run(key)}
      said={target === undefined ? "The target is created" : "The target is saved"}
      refresh={[TARGETS]}
      onClose={onClose}
      onDone={onSaved}
    >
      {(error) => (
        <>
          {target === undefined && (
            <TextField
              label="Name"
              hint="Small letters, digits, dots, hyphens and underscores. An existing target of this name is replaced."
              required
              maxLength={64}
              {...field("name", error)}
            />
          )}
          <TextField label="Environment" required maxLength={64} {...field("environment", error)} />
          <SelectField
            label="Deploys versions that"
            value={draft.pointer}
            onChange={(event) => change({ pointer: event.target.value as Pointer })}
          >
            <option value="stage">enter a stage</option>
            <option value="alias">an alias is pointed at</option>
          </SelectField>
          <TextField
            label={draft.pointer === "stage" ? "Stage" : "Alias"}
            required
            {...field("pointed", error, `/${draft.pointer}`)}
          />
          <TextArea
            label="Models"
            hint="Names, in which * stands for any characters, one on each line."
            required
            spellCheck={false}
            {...field("models", error)}
          />
          <TextArea
            label="Reporters"
            hint="Who may report for the target besides those who may deploy the model, one on each line: token:argo, oidc:github:*"
            spellCheck={false}
            {...field("reporters", error)}
          />
          <TextField
            label="Give up after (minutes)"
            type="number"
            min={1}
            step="any"
            required
            {...field("give_up_after", error, "/policy/give_up_after")}
          />
          <Tick
            label="After a failure, deploy the last good version again"
            checked={draft.roll_back}
            onChange={(event) => change({ roll_back: event.target.checked })}
          />
          {draft.roll_back && (
            <Tick
              label="Roll the stage or alias back too, if the scheme allows it"
              checked={draft.move_back}
              onChange={(event) => change({ move_back: event.target.checked })}
            />
          )}
          <TextField label="Description" maxLength={1000} {...field("description", error)} />
          <Tick
            label="On: moves open deployments here"
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.target.checked })}
          />
        </>
      )}
    </ActionDialog>
  );
}
