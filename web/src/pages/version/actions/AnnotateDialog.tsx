import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import type { Version } from "../../../api/documents";
import { otherTags, parseTags, tagLines, tagsHint } from "../../../format/tags";
import { ActionDialog } from "../../../ui/ActionDialog";
import { Dialog } from "../../../ui/Dialog";
import { useDraft } from "../../../ui/draft";
import { TextArea } from "../../../ui/Field";
import { Loaded } from "../../../ui/Loaded";

/** Changes the description and the tags of a version, unless somebody else changed the version since they were read. */
export function AnnotateDialog({ version, onClose }: { version: Version; onClose: () => void }) {
  const { model, number } = version;
  const path = { model, version: String(number) };
  const query = useQuery({
    queryKey: ["model", model, "version", String(number), "to edit"],
    queryFn: async () => {
      const { data, response } = await api.GET("/v1/models/{model}/versions/{version}", { params: { path } });
      return { now: data ?? version, match: response.headers.get("ETag") };
    },
    gcTime: 0,
    // What is edited must not change under the hand.
    refetchOnWindowFocus: false,
  });
  if (query.data !== undefined) {
    return <Editor version={query.data.now} match={query.data.match} onClose={onClose} />;
  }
  return (
    <Dialog title={`Edit version ${number}`} open onClose={onClose}>
      <Loaded query={query}>{() => null}</Loaded>
    </Dialog>
  );
}

function Editor({ version, match, onClose }: { version: Version; match: string | null; onClose: () => void }) {
  const { model, number } = version;
  const draft = `annotate ${model}/${number}`;
  const [text, setText, forgetText] = useDraft(`${draft} description`, version.description);
  const [lines, setLines, forgetLines] = useDraft(`${draft} tags`, tagLines(version.tags));
  const parsed = parseTags(lines);
  const fault = "fault" in parsed ? parsed.fault : undefined;
  return (
    <ActionDialog
      title={`Description and tags of version ${number}`}
      label={`Save version ${number}`}
      said={`Saved version ${number}`}
      draft={draft}
      refresh={[["model", model]]}
      refused={fault === undefined ? undefined : "Mend the tags first."}
      onClose={onClose}
      act={async (_, key) => {
        await answered(
          api.PATCH("/v1/models/{model}/versions/{version}", {
            params: {
              path: { model, version: String(number) },
              header: { "Idempotency-Key": key, ...(match === null ? {} : { "If-Match": match }) },
            },
            body: {
              description: text,
              ...("tags" in parsed ? { tags: { ...otherTags(version.tags), ...parsed.tags } } : {}),
            },
          }),
        );
        forgetText();
        forgetLines();
      }}
    >
      <TextArea
        label="Description"
        hint="Markdown."
        rows={5}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <TextArea
        label="Tags"
        hint={tagsHint(version.tags)}
        rows={5}
        spellCheck={false}
        fault={fault}
        value={lines}
        onChange={(event) => setLines(event.target.value)}
      />
    </ActionDialog>
  );
}
