import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { otherTags, parseTags, tagLines, tagsHint } from "../../format/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person, Tag } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { useFields } from "../../ui/fields";
import { Card } from "../../ui/Page";
import { Prose } from "../../ui/Prose";
import { Fact, Facts } from "../../ui/Table";
import type { OpenModel } from "./queries";

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

function ProfileDialog({ model: opened, onClose }: { model: OpenModel; onClose: () => void }) {
  // What is edited, and its ETag, must not change under the hand.
  const [model] = useState(opened);
  const written = JSON.stringify(model.metadata, null, 2);
  const { texts, field } = useFields({
    owner: model.owner,
    description: model.description,
    tags: tagLines(model.tags),
    metadata: written,
  });
  const tags = parseTags(texts.tags);
  const metadata = readObject(texts.metadata);
  return (
    <ActionDialog
      title={`Change ${model.name}`}
      label="Save"
      act={(_, key) =>
        api.PATCH("/v1/models/{model}", {
          params: { path: { model: model.name }, header: changeHeaders(key, model.etag) },
          body: {
            owner: texts.owner,
            description: texts.description,
            // Numbers that a browser cannot hold stay as they are, unless somebody edits the metadata.
            ...(texts.metadata === written ? {} : { metadata }),
            ...("tags" in tags ? { tags: { ...otherTags(model.tags), ...tags.tags } } : {}),
          },
        })
      }
      said={`${model.name} is saved`}
      refresh={[["model", model.name], ["models"]]}
      onClose={onClose}
      refused={
        "fault" in tags ? "Mend the tags first." : metadata === null ? "The metadata is no JSON object." : undefined
      }
    >
      {(error) => (
        <>
          <TextField label="Owner" maxLength={256} {...field("owner", error)} />
          <TextArea
            label="Description"
            hint="In markdown."
            rows={4}
            maxLength={10_000}
            {...field("description", error)}
          />
          <TextArea
            label="Tags"
            hint={tagsHint(model.tags)}
            rows={4}
            spellCheck={false}
            {...field("tags", error)}
            {...("fault" in tags ? { fault: tags.fault } : {})}
          />
          <TextArea
            label="Metadata"
            hint="A JSON object. metric_directions says for each metric whether it gets better up or down."
            rows={4}
            spellCheck={false}
            {...field("metadata", error)}
            {...(metadata === null ? { fault: "It must be a JSON object." } : {})}
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
