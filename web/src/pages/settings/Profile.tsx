import { useState } from "react";
import { api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person, Tag } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Card } from "../../ui/Page";
import { Prose } from "../../ui/Prose";
import { Fact, Facts } from "../../ui/Table";
import type { OpenModel } from "./queries";
import { readTags, tagLines } from "./words";

/** Who owns a model, what it is, and its tags. */
export function Profile({ model, refused }: { model: OpenModel; refused: string | undefined }) {
  const [editing, setEditing] = useState(false);
  const metadata = Object.keys(model.metadata);
  return (
    <Card
      title="Owner, description and tags"
      actions={
        <Button refused={refused} onClick={() => setEditing(true)}>
          Change
        </Button>
      }
    >
      <Facts>
        <Fact name="Owner">{model.owner === "" ? "—" : <Person name={model.owner} />}</Fact>
        <Fact name="Description">{model.description === "" ? "—" : <Prose text={model.description} />}</Fact>
        <Fact name="Tags">
          <span className="row">
            {Object.entries(model.tags).map(([name, value]) => (
              <Tag key={name} name={name} value={value} />
            ))}
            {Object.keys(model.tags).length === 0 && "—"}
          </span>
        </Fact>
        <Fact name="Metadata">{metadata.length === 0 ? "—" : metadata.join(", ")}</Fact>
      </Facts>
      {editing && <ProfileDialog model={model} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function ProfileDialog({ model, onClose }: { model: OpenModel; onClose: () => void }) {
  const [owner, setOwner] = useState(model.owner);
  const [description, setDescription] = useState(model.description);
  const [tags, setTags] = useState(tagLines(model.tags));
  const [metadata, setMetadata] = useState(JSON.stringify(model.metadata, null, 2));
  const parsed = readObject(metadata);
  return (
    <ActionDialog
      title={`Change ${model.name}`}
      label="Save"
      act={(_, key) =>
        api.PATCH("/v1/models/{model}", {
          params: { path: { model: model.name }, header: changeHeaders(key, model.etag) },
          body: { owner, description, tags: readTags(tags), metadata: parsed },
        })
      }
      said={`${model.name} is saved`}
      refresh={[["model", model.name], ["models"]]}
      onClose={onClose}
      refused={parsed === null ? "The metadata is no JSON object." : undefined}
    >
      {(error) => (
        <>
          <TextField
            label="Owner"
            maxLength={256}
            fault={faultAt(error, "/owner")}
            value={owner}
            onChange={(event) => setOwner(event.target.value)}
          />
          <TextArea
            label="Description"
            hint="In markdown."
            rows={4}
            maxLength={10_000}
            fault={faultAt(error, "/description")}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
          <TextArea
            label="Tags"
            hint="One on each line: name = value. They replace the present ones."
            rows={4}
            spellCheck={false}
            fault={faultAt(error, "/tags")}
            value={tags}
            onChange={(event) => setTags(event.target.value)}
          />
          <TextArea
            label="Metadata"
            hint="A JSON object. metric_directions says for each metric whether it gets better up or down."
            rows={4}
            spellCheck={false}
            fault={faultAt(error, "/metadata") ?? (parsed === null ? "It must be a JSON object." : undefined)}
            value={metadata}
            onChange={(event) => setMetadata(event.target.value)}
          />
        </>
      )}
    </ActionDialog>
  );
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
