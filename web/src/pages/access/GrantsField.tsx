import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { faultAt } from "../../api/faults";
import { actionsInWords, grantInWords, limitInWords } from "../../format/access";
import { Button } from "../../ui/Button";
import { SelectField, TextField, Tick } from "../../ui/Field";
import { ProblemNotice } from "../../ui/Notice";
import { LIMITS, reachesNothing, withWord } from "./limits";
import { type Grant, roles } from "./queries";

interface GrantsFieldProps {
  grants: readonly Grant[];
  /** What the API answered to the last try. */
  error: unknown;
  onChange: (grants: Grant[]) => void;
}

/** Roles on models, one to a line, with what each lets somebody do. */
export function GrantsField({ grants, error, onChange }: GrantsFieldProps) {
  const known = useQuery(roles);
  return (
    <fieldset className="access-grants">
      <legend>Grants</legend>
      {known.isError && <ProblemNotice error={known.error} retry={() => void known.refetch()} />}
      {grants.map((grant, index) => {
        const set = (changed: Grant) => onChange(grants.map((other, at) => (at === index ? changed : other)));
        const fault = (field: string) => faultAt(error, `/grants/${index}/${field}`);
        const actions = known.data?.find(({ name }) => name === grant.role)?.actions;
        return (
          // A line has no name of its own, and fields keep their focus by their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added at the end
          <fieldset key={index} className="access-grant" aria-label={`Grant ${index + 1}`}>
            <SelectField
              label="Role"
              fault={fault("role")}
              value={grant.role}
              onChange={(event) => set({ ...grant, role: event.target.value })}
            >
              {[...new Set([grant.role, ...(known.data ?? []).map(({ name }) => name)])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </SelectField>
            <TextField
              label="Models"
              required
              maxLength={256}
              spellCheck={false}
              fault={fault("models")}
              value={grant.models}
              onChange={(event) => set({ ...grant, models: event.target.value })}
            />
            <Button kind="quiet" onClick={() => onChange(grants.filter((_, at) => at !== index))}>
              Remove<span className="visually-hidden"> grant {index + 1}</span>
            </Button>
            <Limit grant={grant} fault={fault("classifications")} onChange={set} />
            <p className="muted">
              {reachesNothing(grant)
                ? "So far it reaches nothing: choose at least one of the levels."
                : `${actions === undefined ? "On" : `May ${actionsInWords(actions)}, on`} ${grantInWords(grant.models, grant.classifications)}.`}
            </p>
          </fieldset>
        );
      })}
      <Button onClick={() => onChange([...grants, { role: "viewer", models: "*" }])}>Add a grant</Button>
      <p className="field-hint">
        In a pattern of names, * stands for any characters. Only a grant on * that is not limited reaches the registry
        itself.
      </p>
    </fieldset>
  );
}

interface LimitProps {
  grant: Grant;
  fault: string | undefined;
  onChange: (grant: Grant) => void;
}

/** Which classifications a grant is limited to, if it is. */
function Limit({ grant, fault, onChange }: LimitProps) {
  const id = useId();
  const named = grant.classifications ?? null;
  return (
    <div className="access-limit">
      <Tick
        label="Limit it by how the data is classified"
        checked={named !== null}
        onChange={(event) => onChange({ ...grant, classifications: event.target.checked ? [] : null })}
      />
      {named !== null && (
        <fieldset className="access-ticks" aria-describedby={fault === undefined ? undefined : id}>
          <legend>The data may be</legend>
          {LIMITS.map(([word, meaning]) => (
            <Tick
              key={word}
              label={meaning}
              checked={named.includes(word)}
              onChange={(event) => onChange(withWord(grant, word, event.target.checked))}
            />
          ))}
          <Tick
            label="It may also be about people who could be told from it (personal data)"
            checked={named.includes("personal_data")}
            onChange={(event) => onChange(withWord(grant, "personal_data", event.target.checked))}
          />
          {fault !== undefined && (
            <div id={id} className="field-fault">
              ✕ {fault}
            </div>
          )}
        </fieldset>
      )}
    </div>
  );
}

/** Grants as a list: `reviewer on models whose names begin with risk-`. */
export function GrantList({ grants }: { grants: readonly Grant[] }) {
  if (grants.length === 0) {
    return <span className="muted">None</span>;
  }
  return (
    <ul className="access-list">
      {grants.map(({ role, models, classifications }) => (
        <li key={`${role} ${models} ${classifications?.join() ?? ""}`}>
          <strong>{role}</strong> on {covered(models, classifications)}
        </li>
      ))}
    </ul>
  );
}

/** A pattern of names as it was typed, with what it is limited to. */
function covered(models: string, classifications: Grant["classifications"]): string {
  const limit = limitInWords(classifications);
  if (models === "*") {
    return limit === "" ? "everything" : `all models${limit}`;
  }
  return `${models}${limit === "" ? "" : ","}${limit}`;
}
