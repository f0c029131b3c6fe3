import { useState } from "react";
import { answered, api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { changeHeaders, type Tagged } from "../../api/tags";
import { type Monitor, monitorsKey } from "../../monitors/queries";
import { ActionDialog } from "../../ui/ActionDialog";
import { SelectField, TextArea, TextField, Tick } from "../../ui/Field";
import { boundsOf, comparing, DEEDS, type Deed, type Draft, documentOf, draftOf, placeOf } from "./monitorDraft";
import { CORRECTIONS, STATISTICS } from "./words";
import "./Monitors.css";

interface MonitorFormProps {
  model: string;
  /** The monitor to change; without it, one is created. */
  monitor?: Tagged<Monitor>;
  onClose: () => void;
  /** Called with the name of the monitor that was saved. */
  onSaved: (name: string) => void;
}

/** Asks what a monitor watches, when it alarms, and what follows. */
export function MonitorForm({ model, monitor: opened, onClose, onSaved }: MonitorFormProps) {
  // What is edited, and its ETag, must not change under the hand.
  const [monitor] = useState(opened);
  const [draft, setDraft] = useState(() => draftOf(monitor));
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const field = (name: Exclude<keyof Draft, "deeds">, error: unknown) => ({
    value: draft[name],
    fault: faultAt(error, `/${name}`),
    onChange: ({ target }: { target: { value: string } }) => change({ [name]: target.value }),
  });
  const { fault } = boundsOf(draft.metrics);
  const name = monitor?.name ?? draft.name.trim();
  return (
    <ActionDialog
      title={monitor === undefined ? "Create a monitor" : `Edit ${monitor.name}`}
      label={monitor === undefined ? "Create the monitor" : "Save the monitor"}
      refused={fault === undefined ? undefined : `“${fault}” is not a bound such as auc >= 0.9.`}
      act={(_, key) =>
        answered(
          api.PUT("/v1/models/{model}/monitors/{monitor}", {
            params: { path: { model, monitor: name }, header: changeHeaders(key, monitor?.etag ?? null) },
            body: documentOf(draft, monitor),
          }),
        )
      }
      said={monitor === undefined ? "The monitor is created" : "The monitor is saved"}
      refresh={[monitorsKey(model), ["model", model, "overview"]]}
      onClose={onClose}
      onDone={() => onSaved(name)}
    >
      {(error) => (
        <>
          {monitor === undefined && (
            <TextField
              label="Name"
              hint="Small letters, digits, dots, hyphens and underscores. An existing monitor of this name is replaced."
              required
              maxLength={64}
              {...field("name", error)}
            />
          )}
          <SelectField label="Watches" {...field("kind", error)}>
            <option value="performance">how well it predicts (performance)</option>
            <option value="drift">the data that it gets (drift)</option>
            <option value="system">the system that serves it (system)</option>
          </SelectField>
          <TextField
            label="Of the version"
            hint="A number, @ALIAS or stage:NAME."
            required
            spellCheck={false}
            {...field("selector", error)}
          />
          <SelectField label="Windows of one" {...field("window", error)}>
            <option>hour</option>
            <option>day</option>
            <option>week</option>
          </SelectField>
          <TextArea
            label="Metrics"
            hint="Where each must lie, a bound on each line: auc >= 0.9"
            spellCheck={false}
            {...field("metrics", error)}
          />
          {comparing(draft.kind) && (
            <Comparing monitor={monitor} model={model} name={name} field={field} error={error} />
          )}
          <TextField label="Examples that a window needs" type="number" min={1} required {...field("min_n", error)} />
          <div className="monitor-pair">
            <TextField label="Alarm if" type="number" min={1} max={10} required {...field("breaches", error)} />
            <TextField
              label="of the last windows breach"
              type="number"
              min={1}
              max={10}
              required
              {...field("of", error)}
            />
          </div>
          <TextField
            label="Missing windows after which it is silent"
            type="number"
            min={1}
            max={100}
            required
            {...field("silent_after", error)}
          />
          <fieldset className="monitor-deeds">
            <legend>On an alarm</legend>
            {DEEDS.map((deed) => (
              <DeedField
                key={deed}
                deed={deed}
                place={draft.deeds[deed]}
                fault={faultAt(error, "/on_alarm")}
                onChange={(place) => {
                  const { [deed]: _, ...others } = draft.deeds;
                  change({ deeds: place === undefined ? others : { ...others, [deed]: place } });
                }}
              />
            ))}
          </fieldset>
          <TextField label="Description" maxLength={1000} {...field("description", error)} />
        </>
      )}
    </ActionDialog>
  );
}

interface ComparingProps {
  monitor: Monitor | undefined;
  model: string;
  name: string;
  field: (
    name: "statistic" | "effect" | "correction" | "features" | "baseline",
    error: unknown,
  ) => {
    value: string;
    fault: string | undefined;
    onChange: (event: { target: { value: string } }) => void;
  };
  error: unknown;
}

/** How distributions are compared, and with what. */
function Comparing({ monitor, model, name, field, error }: ComparingProps) {
  return (
    <>
      <SelectField label="Compared by" {...field("statistic", error)}>
        {Object.entries(STATISTICS).map(([statistic, words]) => (
          <option key={statistic} value={statistic}>
            {words}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Breaches from"
        hint="The least effect that counts. Empty: the statistic’s own."
        type="number"
        min={0}
        step="any"
        {...field("effect", error)}
      />
      <SelectField label="How features share the chance of a false breach" {...field("correction", error)}>
        {Object.entries(CORRECTIONS).map(([correction, words]) => (
          <option key={correction} value={correction}>
            {words}
          </option>
        ))}
      </SelectField>
      <TextArea
        label="Features"
        hint="One on each line. Empty: all of the baseline."
        spellCheck={false}
        {...field("features", error)}
      />
      {monitor === undefined ? (
        <p className="muted">
          The baseline comes later: from windows that were reported, with Edit, or from your own counts with{" "}
          <code>
            moorage monitors save {model} {name || "NAME"} monitor.yaml
          </code>
        </p>
      ) : (
        <TextField
          label="Take the baseline from the windows of version"
          hint={`A number or @ALIAS. Empty: it stays as it is${monitor.baseline.length === 0 ? ", there is none yet" : ""}.`}
          spellCheck={false}
          {...field("baseline", error)}
        />
      )}
    </>
  );
}

const WORDS: Record<Deed, string> = {
  fail_check: "Fail the check of the version, so that gates refuse it",
  open_request: "Ask to move the version to a stage",
  move: "Move the version to a stage, if the scheme allows it",
  roll_back: "Roll back a stage or an alias",
  freeze: "Freeze the model",
};

/** What the place of a deed is called. */
const PLACES: Partial<Record<Deed, string>> = {
  open_request: "Stage to ask for",
  move: "Stage to move it to",
  roll_back: "Stage or alias to roll back",
};

interface DeedFieldProps {
  deed: Deed;
  /** Undefined: it is not done. */
  place: string | undefined;
  fault: string | undefined;
  onChange: (place: string | undefined) => void;
}

function DeedField({ deed, place, fault, onChange }: DeedFieldProps) {
  const wanted = placeOf(deed);
  const label = PLACES[deed];
  return (
    <>
      <Tick
        label={WORDS[deed]}
        checked={place !== undefined}
        onChange={(event) => onChange(event.target.checked ? "" : undefined)}
      />
      {label !== undefined && place !== undefined && (
        <TextField
          label={label}
          {...(wanted === "pointer" ? { hint: "stage:NAME or alias:NAME" } : {})}
          required
          spellCheck={false}
          value={place}
          fault={fault}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </>
  );
}
