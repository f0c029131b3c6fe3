import { useState } from "react";
import { api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Card as Box } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import type { Card } from "./queries";

const ONE = { license: "License", pipeline_tag: "Task", library_name: "Library" } as const;
const SEVERAL = {
  language: "Languages",
  tags: "Tags",
  datasets: "Datasets",
  base_model: "Base models",
  metrics: "Metrics",
} as const;

type Values = Record<keyof typeof ONE | keyof typeof SEVERAL, string>;

/** The fields of a card that programs read, with a dialog that changes them. */
export function CardFields({ card, refused }: { card: Card; refused: string | undefined }) {
  const [editing, setEditing] = useState(false);
  const values = valuesOf(card);
  const extra = Object.keys(card.fields.extra ?? {});
  return (
    <Box
      title="Fields"
      actions={
        refused === undefined && (
          <Button kind="quiet" onClick={() => setEditing(true)}>
            Edit fields
          </Button>
        )
      }
    >
      <Facts>
        {Object.entries({ ...ONE, ...SEVERAL }).map(([name, label]) => (
          <Fact key={name} name={label}>
            {values[name as keyof Values] || "—"}
          </Fact>
        ))}
        {extra.length > 0 && (
          <Fact name="Others">
            {extra.join(", ")}
            <div className="muted">
              Change them with <code>moorage card edit {card.model}</code>
            </div>
          </Fact>
        )}
      </Facts>
      {editing && <FieldsDialog card={card} onClose={() => setEditing(false)} />}
    </Box>
  );
}

function FieldsDialog({ card: opened, onClose }: { card: Card; onClose: () => void }) {
  // What is edited, and its revision, must not change under the hand.
  const [card] = useState(opened);
  const [values, setValues] = useState(() => valuesOf(card));
  const set = (name: string, value: string) => setValues((before) => ({ ...before, [name]: value }));
  return (
    <ActionDialog
      title={`Change the fields of ${card.model}'s card`}
      label="Save the fields"
      act={(_, key) =>
        api.PATCH("/v1/models/{model}/card", {
          params: {
            path: { model: card.model },
            header: { "If-Match": `"${card.revision}"`, "Idempotency-Key": key },
          },
          body: { fields: fieldsOf(values) },
        })
      }
      said="The card's fields are saved"
      refresh={[["model", card.model]]}
      onClose={onClose}
    >
      {(error) => (
        <>
          {Object.entries(ONE).map(([name, label]) => (
            <TextField
              key={name}
              label={label}
              maxLength={1000}
              fault={faultAt(error, `/fields/${name}`)}
              value={values[name as keyof Values]}
              onChange={(event) => set(name, event.target.value)}
            />
          ))}
          {Object.entries(SEVERAL).map(([name, label]) => (
            <TextField
              key={name}
              label={label}
              hint="Separated by commas."
              fault={faultAt(error, `/fields/${name}`)}
              value={values[name as keyof Values]}
              onChange={(event) => set(name, event.target.value)}
            />
          ))}
        </>
      )}
    </ActionDialog>
  );
}

function valuesOf({ fields }: Card): Values {
  const one = Object.keys(ONE).map((name) => [name, fields[name as keyof typeof ONE] ?? ""]);
  const several = Object.keys(SEVERAL).map((name) => [name, (fields[name as keyof typeof SEVERAL] ?? []).join(", ")]);
  return Object.fromEntries([...one, ...several]) as Values;
}

function fieldsOf(values: Values) {
  const one = Object.keys(ONE).map((name) => [name, values[name as keyof Values].trim() || null]);
  const several = Object.keys(SEVERAL).map((name) => {
    const items = values[name as keyof Values]
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
    return [name, items.length === 0 ? null : items];
  });
  return Object.fromEntries([...one, ...several]) as Record<keyof typeof ONE, string | null> &
    Record<keyof typeof SEVERAL, string[] | null>;
}
