import { useQuery } from "@tanstack/react-query";
import { actionsInWords, grantInWords, limitInWords } from "../../format/access";
import { Button } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/Field";
import { ProblemNotice } from "../../ui/Notice";
import { type Grant, roles } from "./queries";

interface GrantsFieldProps {
  grants: readonly Grant[];
  onChange: (grants: Grant[]) => void;
}

/** Roles on models, one to a line, with what each lets somebody do. */
export function GrantsField({ grants, onChange }: GrantsFieldProps) {
  const known = useQuery(roles);
  const set = (index: number, changed: Partial<Grant>) =>
    onChange(grants.map((grant, at) => (at === index ? { ...grant, ...changed } : grant)));
  return (
    <fieldset className="access-grants">
      <legend>Grants</legend>
      {known.isError && <ProblemNotice error={known.error} retry={() => void known.refetch()} />}
      {grants.map((grant, index) => {
        const actions = known.data?.find(({ name }) => name === grant.role)?.actions;
        return (
          // A line has no name of its own, and fields keep their focus by their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added at the end
          <div key={index} className="access-grant">
            <SelectField label="Role" value={grant.role} onChange={(event) => set(index, { role: event.target.value })}>
              {[...new Set([grant.role, ...(known.data ?? []).map(({ name }) => name)])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </SelectField>
            <TextField
              label="Models"
              required
              maxLength={256}
              spellCheck={false}
              value={grant.models}
              onChange={(event) => set(index, { models: event.target.value })}
            />
            <Button kind="quiet" onClick={() => onChange(grants.filter((_, at) => at !== index))}>
              Remove<span className="visually-hidden"> grant {index + 1}</span>
            </Button>
            <p className="muted">
              {actions === undefined ? "" : `May ${actionsInWords(actions)}, `}on{" "}
              {grantInWords(grant.models, grant.classifications)}.
            </p>
          </div>
        );
      })}
      <Button onClick={() => onChange([...grants, { role: "viewer", models: "*" }])}>Add a grant</Button>
      <p className="field-hint">
        In a pattern of names, * stands for any characters. Only a grant on * reaches the registry itself.
      </p>
    </fieldset>
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
          <strong>{role}</strong> on {models === "*" && !classifications?.length ? "everything" : models}
          {limitInWords(classifications)}
        </li>
      ))}
    </ul>
  );
}
