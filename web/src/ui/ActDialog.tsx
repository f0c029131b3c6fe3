import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { useDraft } from "./draft";
import { TextArea } from "./Field";
import { ProblemNotice } from "./Notice";
import { done } from "./toasts";

/** What a change is sent with. */
export interface Act {
  /** The Idempotency-Key: one for each opened dialog. */
  key: string;
  reason: string;
}

interface ActDialogProps<T> {
  /** What happens, with its object: `Revoke the token ci`. It is also on the button. */
  title: string;
  kind?: "primary" | "danger";
  /** The words on the button, if the title is too long for it. */
  label?: string;
  /** Makes the change. */
  run: (act: Act) => Promise<T>;
  /** What the message says afterwards. */
  success: string;
  /** The queries whose data is old afterwards. */
  refresh: readonly QueryKey[];
  onClose: () => void;
  /** Called with the answer instead of closing, for dialogs that go on with it. */
  onDone?: (answer: T) => void;
  /** Whether a reason is asked for. The API keeps it in the history. */
  reason?: "asked" | "required";
  /** Why the change cannot be sent yet. */
  refused?: string | undefined;
  children?: ReactNode | ((error: unknown) => ReactNode);
}

/** Asks before a change, with what it leads to. Nothing is shown as done before the registry says so. */
export function ActDialog<T>(props: ActDialogProps<T>) {
  const { title, kind = "primary", label = title, run, success, refresh, onClose, onDone, reason, children } = props;
  const client = useQueryClient();
  const [text, write, forget] = useDraft(title);
  const [key] = useState(() => crypto.randomUUID());
  const acting = useMutation({
    mutationFn: () => run({ key, reason: text.trim() }),
    onSuccess: async (answer) => {
      forget();
      await Promise.all(refresh.map((queryKey) => client.invalidateQueries({ queryKey })));
      done(success);
      (onDone ?? onClose)(answer);
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    acting.mutate();
  }
  return (
    <Dialog title={title} open onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {typeof children === "function" ? children(acting.error) : children}
        {reason !== undefined && (
          <TextArea
            label={reason === "required" ? "Reason" : "Reason (optional)"}
            hint="It stays in the history, for reviewers and auditors."
            required={reason === "required"}
            maxLength={1000}
            value={text}
            onChange={(event) => write(event.target.value)}
          />
        )}
        {acting.isError && <ProblemNotice error={acting.error} />}
        <div className="row">
          <Button kind={kind} type="submit" busy={acting.isPending} refused={props.refused}>
            {label}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
