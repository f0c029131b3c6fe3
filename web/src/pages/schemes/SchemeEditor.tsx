import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { useDraftOf } from "../../ui/draft";
import { TextArea, TextField } from "../../ui/Field";
import { Outdated } from "../../ui/Outdated";
import { Card } from "../../ui/Page";
import { bodyOf, type OpenScheme, SCHEMES } from "./queries";
import { SchemeGraph } from "./SchemeGraph";
import { SchemeMoves } from "./SchemeMoves";
import { Simulate } from "./Simulate";
import { readScheme } from "./scheme";

interface EditorProps {
  saved: OpenScheme;
  /** Why the caller may not save; the document can be tried all the same. */
  refused: string | undefined;
  onClose: () => void;
}

/** Edits a scheme's document, shows what it would be, tries it on a model, and saves it as the next version. */
export function SchemeEditor({ saved: opened, refused, onClose }: EditorProps) {
  // What is edited, and its ETag, must not change under the hand.
  const [saved] = useState(opened);
  const [name, setName] = useState(saved.builtin ? "" : saved.name);
  const draft = useDraftOf(
    `scheme ${saved.name}`,
    String(saved.version),
    JSON.stringify(bodyOf(saved.document), null, 2),
  );
  const text = draft.value;
  const outdated = draft.begun !== String(saved.version);
  const [saving, setSaving] = useState(false);
  const read = parsed(text);
  const navigate = useNavigate();
  return (
    <>
      <Card
        title="Document"
        actions={
          <>
            <Button
              kind="primary"
              refused={
                refused ??
                (read.fault !== undefined
                  ? "The document is no JSON."
                  : name === ""
                    ? "Name it first."
                    : outdated
                      ? "Decide first which of the two stays."
                      : undefined)
              }
              onClick={() => setSaving(true)}
            >
              Save as {name === "" ? "…" : name}
            </Button>
            <Button
              kind="quiet"
              onClick={() => {
                draft.forget();
                onClose();
              }}
            >
              Discard
            </Button>
          </>
        }
      >
        {outdated && <Outdated what="The scheme" draft={draft} />}
        <TextField
          label="Name"
          hint={
            saved.builtin
              ? "A built-in scheme cannot be changed. Give the copy a name of its own."
              : "Another name saves a copy."
          }
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="scheme-document">
          <TextArea
            label="Stages, transitions and gates, as JSON"
            hint="The command moorage schemes show writes the same as YAML, and moorage schemes save takes it."
            rows={20}
            spellCheck={false}
            fault={read.fault}
            value={text}
            onChange={(event) => draft.write(event.target.value)}
          />
        </div>
      </Card>
      {read.document !== undefined && (
        <>
          <Card title="As it would be">
            <SchemeGraph scheme={readScheme(read.document)} />
            <SchemeMoves scheme={readScheme(read.document)} />
          </Card>
          <Card title="Try it on a model's past">
            <Simulate document={read.document} />
          </Card>
        </>
      )}
      {saving && read.document !== undefined && (
        <SaveDialog
          name={name}
          document={read.document}
          base={name === saved.name ? saved : undefined}
          onClose={() => setSaving(false)}
          onSaved={() => {
            draft.forget();
            void navigate({ to: "/schemes/$scheme", params: { scheme: name } });
          }}
        />
      )}
    </>
  );
}

interface SaveProps {
  name: string;
  document: Record<string, unknown>;
  /** The version that was edited; undefined for a copy. */
  base: OpenScheme | undefined;
  onClose: () => void;
  onSaved: () => void;
}

function SaveDialog({ name, document, base, onClose, onSaved }: SaveProps) {
  return (
    <ActionDialog
      title={base === undefined ? `Save the scheme ${name}` : `Save version ${base.version + 1} of ${name}`}
      act={(_, key) =>
        answered(
          api.PUT("/v1/schemes/{scheme}", {
            params: {
              path: { scheme: name },
              header: changeHeaders(key, base?.etag),
            },
            body: bodyOf(document),
          }),
        )
      }
      said={`The scheme ${name} is saved`}
      refresh={[SCHEMES]}
      onClose={onClose}
      onDone={onSaved}
    >
      <p>
        {base === undefined
          ? "No model is judged by it until it is assigned to one."
          : "Models that follow the scheme get it within seconds, if it fits them. Models that are pinned to a version keep theirs."}
      </p>
    </ActionDialog>
  );
}

function parsed(text: string): { document?: Record<string, unknown>; fault?: string } {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && !Array.isArray(document)
      ? { document: document as Record<string, unknown> }
      : { fault: "It must be an object." };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "It is no JSON." };
  }
}
