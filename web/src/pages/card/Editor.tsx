import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { Button } from "../../ui/Button";
import { useDraft } from "../../ui/draft";
import { TextArea } from "../../ui/Field";
import { Notice, ProblemNotice } from "../../ui/Notice";
import { Card as Box } from "../../ui/Page";
import { Prose } from "../../ui/Prose";
import { done } from "../../ui/toasts";
import { draftOf, readDraft } from "./drafts";
import type { Card } from "./queries";
import { changesOf, heading, INTRODUCTION, purpose, type Texts, textsOf } from "./sections";

interface EditorProps {
  card: Card;
  /** The sections to edit. */
  names: readonly string[];
  onClose: () => void;
}

/** Edits sections of a card. What is typed is kept in this tab until it is saved, also over the end of a session. */
export function Editor({ card, names, onClose }: EditorProps) {
  const client = useQueryClient();
  const before = textsOf(card);
  const [stored, store, forget] = useDraft(`card ${card.model} ${names.length === 1 ? names[0] : "all"}`);
  const draft = readDraft(stored);
  const [preview, setPreview] = useState(false);
  const texts: Texts = Object.fromEntries(names.map((name) => [name, draft?.texts[name] ?? before[name] ?? ""]));
  // The revision that the draft was begun on, which is what must not have changed.
  const base = draft?.revision ?? card.revision;
  const changes = changesOf(before, texts);
  const same = Object.keys(changes).length === 0;
  const saving = useMutation({
    mutationFn: () =>
      api.PATCH("/v1/models/{model}/card", {
        params: { path: { model: card.model }, header: { "If-Match": `"${base}"` } },
        body: changes,
      }),
    onSuccess: async () => {
      forget();
      await client.invalidateQueries({ queryKey: ["model", card.model] });
      done("The card is saved");
      onClose();
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    saving.mutate();
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="card-bar">
        <Button kind="primary" type="submit" busy={saving.isPending} refused={same ? "Nothing is changed." : undefined}>
          Save {names.length === 1 ? heading(names[0] ?? "") : "the card"}
        </Button>
        <Button aria-pressed={preview} onClick={() => setPreview(!preview)}>
          {preview ? "Go on writing" : "Preview"}
        </Button>
        <Button
          kind="quiet"
          onClick={() => {
            forget();
            onClose();
          }}
        >
          Discard
        </Button>
      </div>
      {base !== card.revision && (
        <Notice
          tone="warn"
          title={`The card has changed since you began: revision ${base} became ${card.revision}`}
          actions={<Button onClick={() => store(draftOf(card.revision, texts))}>Mine replaces it</Button>}
        >
          <p>Look at the revisions first. Saving replaces the sections that differ from yours.</p>
        </Notice>
      )}
      {saving.isError && <ProblemNotice error={saving.error} />}
      {names.map((name) => (
        <Box key={name} id={`section-${name}`} title={heading(name)}>
          {preview ? (
            <Prose text={texts[name] || "*Empty*"} />
          ) : (
            <TextArea
              label={`Text of ${heading(name)}`}
              hint={`${purpose(name)} In markdown.`}
              fault={faultAt(saving.error, name === INTRODUCTION ? "/fields/introduction" : `/sections/${name}`)}
              rows={names.length === 1 ? 16 : 5}
              maxLength={50_000}
              value={texts[name]}
              onChange={(event) => store(draftOf(base, { ...texts, [name]: event.target.value }))}
            />
          )}
        </Box>
      ))}
    </form>
  );
}
