import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { answered, api } from "../api/client";
import { useMay } from "../api/useSession";
import { shortName } from "../format/words";
import { Button } from "../ui/Button";
import { useDraft } from "../ui/draft";
import { TextArea } from "../ui/Field";
import { ProblemNotice } from "../ui/Notice";
import { done } from "../ui/toasts";
import type { Comment, Subject } from "./queries";

interface WriteCommentProps {
  model: string;
  on: Subject;
  /** The comment that is answered, if one is. */
  answering: Comment | null;
  onAnswered: () => void;
}

/** A field for a comment. What is written outlives a reload. */
export function WriteComment({ model, on, answering, onAnswered }: WriteCommentProps) {
  const may = useMay();
  const client = useQueryClient();
  const [text, setText, forget] = useDraft(`comment ${model} ${JSON.stringify(on)}`);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (answering !== null) {
      form.current?.querySelector("textarea")?.focus();
    }
  }, [answering]);
  const writing = useMutation({
    mutationFn: () =>
      answered(
        api.POST("/v1/models/{model}/comments", {
          params: { path: { model }, header: { "Idempotency-Key": key } },
          body: { text, ...on, ...(answering === null ? {} : { reply_to: answering.id }) },
        }),
      ),
    onSuccess: async () => {
      setText("");
      forget();
      setKey(crypto.randomUUID());
      onAnswered();
      await client.invalidateQueries({ queryKey: ["model", model, "comments", on] });
      done("Commented");
    },
  });
  if (!may("comment", model)) {
    return <p className="muted">Your grants do not include comments on this model.</p>;
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    writing.mutate();
  }
  return (
    <form ref={form} className="comments-form no-print" onSubmit={submit}>
      <TextArea
        label={answering === null ? "Your comment" : `Your answer to ${shortName(answering.author)}`}
        hint="Markdown. Everybody who may read the model sees it."
        required
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {writing.isError && <ProblemNotice error={writing.error} />}
      <div className="row">
        <Button type="submit" busy={writing.isPending}>
          {answering === null ? "Comment" : "Answer"}
        </Button>
        {answering !== null && (
          <Button kind="quiet" onClick={onAnswered}>
            Not an answer
          </Button>
        )}
      </div>
    </form>
  );
}
