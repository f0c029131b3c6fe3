import { answered, api } from "../../../api/client";
import type { Version } from "../../../api/documents";
import { changeHeaders, type Tagged, tagged } from "../../../api/tags";
import { otherTags, parseTags, tagLines, tagsHint } from "../../../format/tags";
import { ActionDialog } from "../../../ui/ActionDialog";
import { useDraftOf } from "../../../ui/draft";
import { TextArea } from "../../../ui/Field";
import { Opened } from "../../../ui/Opened";
import { Outdated } from "../../../ui/Outdated";

/** Changes the description and the tags of a version, unless somebody else changed the version since they were read. */
export function AnnotateDialog({ version: { model, number }, onClose }: { version: Version; onClose: () => void }) {
  const path = { model, version: String(number) };
  return (
    <Opened
      title={`Edit version ${number}`}
      read={() => tagged(api.GET("/v1/models/{model}/versions/{version}", { params: { path } }))}
      onClose={onClose}
    >
      {(found) => <Editor version={found} onClose={onClose} />}
    </Opened>
  );
}

function Editor({ version, onClose }: { version: Tagged<Version>; onClose: () => void }) {
  const { model, number, etag } = version;
  const draft = useDraftOf(`edit ${model}/${number}`, etag ?? "", {
    description: version.description,
    lines: tagLines(version.tags),
  });
  const { description, lines } = draft.value;
  const parsed = parseTags(lines);
  const fault = "fault" in parsed ? parsed.fault : undefined;
  const outdated = draft.begun !== (etag ?? "");
  return (
    <ActionDialog
      title={`Description and tags of version ${number}`}
      label={`Save version ${number}`}
      said={`Saved version ${number}`}
      refresh={[["model", model]]}
      refused={
        fault !== undefined ? "Mend the tags first." : outdated ? "Decide first which of the two stays." : undefined
      }
      onClose={onClose}
      act={async (_, key) => {
        await answered(
          api.PATCH("/v1/models/{model}/versions/{version}", {
            params: { path: { model, version: String(number) }, header: changeHeaders(key, etag) },
            body: {
              description,
              ...("tags" in parsed ? { tags: { ...otherTags(version.tags), ...parsed.tags } } : {}),
            },
          }),
        );
        draft.forget();
      }}
    >
      {outdated && <Outdated what="The version" draft={draft} />}
      <TextArea
        label="Description"
        hint="Markdown."
        rows={5}
        maxLength={10_000}
        value={description}
        onChange={(event) => draft.write({ lines, description: event.target.value })}
      />
      <TextArea
        label="Tags"
        hint={tagsHint(version.tags)}
        rows={5}
        spellCheck={false}
        fault={fault}
        value={lines}
        onChange={(event) => draft.write({ description, lines: event.target.value })}
      />
    </ActionDialog>
  );
}
