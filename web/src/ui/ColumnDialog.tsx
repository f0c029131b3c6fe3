import { useState } from "react";
import { type Field, written } from "../format/fields";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextField, Tick } from "./Field";
import "./ColumnDialog.css";

/** Columns of one kind that can be chosen, with their names for readers. */
export interface ColumnGroup {
  title: string;
  fields: { field: Field; name: string }[];
}

interface ColumnDialogProps {
  groups: ColumnGroup[];
  shown: readonly Field[];
  onChange: (fields: Field[]) => void;
  /** Goes back to the columns that are usual. */
  onUsual: () => void;
  onClose: () => void;
  /** What to say of names that are not listed. */
  note?: string;
}

/** Chooses the columns of a table. They stand in the order in which they were chosen. */
export function ColumnDialog({ groups, shown, onChange, onUsual, onClose, note }: ColumnDialogProps) {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const on = new Set(shown.map(written));
  const found = groups
    .map(({ title, fields }) => ({ title, fields: fields.filter(({ name }) => name.toLowerCase().includes(wanted)) }))
    .filter(({ fields }) => fields.length > 0);
  function toggle(field: Field) {
    const id = written(field);
    onChange(on.has(id) ? shown.filter((one) => written(one) !== id) : [...shown, field]);
  }
  return (
    <Dialog title="Columns" open onClose={onClose}>
      <TextField label="Find a column" value={typed} onChange={(event) => setTyped(event.target.value)} />
      {found.map(({ title, fields }) => (
        <fieldset key={title} className="column-group">
          <legend>{title}</legend>
          {fields.map(({ field, name }) => (
            <Tick key={written(field)} label={name} checked={on.has(written(field))} onChange={() => toggle(field)} />
          ))}
        </fieldset>
      ))}
      {found.length === 0 && <p className="muted">No column has this in its name.</p>}
      {note !== undefined && <p className="muted">{note}</p>}
      <div className="row">
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
        <Button onClick={onUsual}>Show the usual columns</Button>
      </div>
    </Dialog>
  );
}
