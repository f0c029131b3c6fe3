import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answered, api } from "../../api/client";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { useDraft } from "../../ui/draft";
import { TextArea } from "../../ui/Field";
import { ProblemNotice } from "../../ui/Notice";
import { done } from "../../ui/toasts";
import { WhyNot } from "../../ui/WhyNot";
import type { NextMove } from "./queries";

/** Asks for the reason of a move, then makes it or opens a request for it. */
export function MoveDialog({ move, onClose }: { move: NextMove; onClose: () => void }) {
  const client = useQueryClient();
  const { model, version, to_stage: stage } = move;
  const [reason, setReason, forget] = useDraft(`move ${model}/${version} ${stage}`);
  // One key for one intention: a second press, or a retry after a lost answer, changes nothing twice.
  const [key] = useState(() => crypto.randomUUID());
  const asks = move.way === "request";
  const acting = useMutation({
    mutationFn: async () => {
      const header = { "Idempotency-Key": key };
      if (asks) {
        await answered(
          api.POST("/v1/models/{model}/requests", {
            params: { path: { model }, header },
            body: { version, to_stage: stage, reason },
          }),
        );
      } else {
        await answered(
          api.POST("/v1/models/{model}/versions/{version}/transitions", {
            params: { path: { model, version: String(version) }, header },
            body: { to_stage: stage, reason, expected_stage: move.from_stage },
          }),
        );
      }
    },
    onSuccess: async () => {
      forget();
      await client.invalidateQueries({ queryKey: ["model", model] });
      done(asks ? `Asked to move version ${version} to ${stage}` : `Version ${version} is in ${stage}`);
      onClose();
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    acting.mutate();
  }
  const title = `${asks ? "Ask to move" : "Move"} version ${version} to ${stage}`;
  return (
    <Dialog title={title} open onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p>
          {model}, version {version}: from <strong>{move.from_stage}</strong> to <strong>{stage}</strong>.
        </p>
        {asks && <WhyNot {...move} />}
        <TextArea
          label="Reason"
          hint="It stays in the history, for reviewers and auditors."
          required={asks}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {acting.isError && <ProblemNotice error={acting.error} />}
        <div className="row">
          <Button kind="primary" type="submit" busy={acting.isPending}>
            {title}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
