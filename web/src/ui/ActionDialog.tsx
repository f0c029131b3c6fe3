import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { useDraft } from "./draft";
import { TextArea } from "./Field";
import { ProblemNotice } from "./Notice";
import { done, failed } from "./toasts";

interface ActionDialogProps<T> {
  /** What will happen, with its object: the title, and the words on the button. */
  title: string;
  /** The words on the button, if the title is too long for it. */
  label?: string;
  onClose: () => void;
  /** Whether the API takes a reason, and whether it insists on one. */
  reason?: "required" | "optional" | "none";
  /** Under which name the reason is kept while it is written, if the title does not tell it from others. */
  draft?: string;
  /** Who reads the reason. */
  hint?: string;
  /** Whether the action takes something away or passes over a rule. */
  danger?: boolean;
  /** Why it cannot be done with what the dialog holds at the moment. */
  refused?: string | undefined;
  /** Does it. The key is the same each time the button is pressed. */
  act: (reason: string | null, key: string) => Promise<T>;
  /** What was done, to be said at the end. */
  said: string;
  /** What has to be read again afterwards. */
  refresh: readonly QueryKey[];
  /** Called with the answer instead of closing, for dialogs that go on with it. */
  onDone?: (answer: T) => void;
  /** What changes, in full; a function of what went wrong where fields show their own faults. */
  children?: ReactNode | ((error: unknown) => ReactNode);
}

/** A dialog that says what an action changes, asks for the reason, does it, and shows why it was refused. */
export function ActionDialog<T>(props: ActionDialogProps<T>) {
  const { title, label = title, onClose, reason: wanted = "none", danger = false, refresh, children } = props;
  const client = useQueryClient();
  const [reason, setReason, forget] = useDraft(props.draft ?? title);
  // One key for one intention: a second press, or a retry after a lost answer, changes nothing twice.
  const [key] = useState(() => crypto.randomUUID());
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const acting = useMutation({
    mutationFn: () => props.act(wanted === "none" || reason.trim() === "" ? null : reason.trim(), key),
    onSuccess: async (answer) => {
      forget();
      await Promise.all(refresh.map((queryKey) => client.invalidateQueries({ queryKey })));
      done(props.said);
      (props.onDone ?? onClose)(answer);
    },
    onError: (error) => {
      // Who left while it was under way would not learn that it was refused. Who called it off knows.
      if (!shown.current && !isAbort(error)) {
        failed(title, error);
      }
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
        {wanted !== "none" && (
          <TextArea
            label={wanted === "required" ? "Reason" : "Reason (optional)"}
            hint={props.hint ?? "It stays in the history, for reviewers and auditors."}
            required={wanted === "required"}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
        {acting.isError && <ProblemNotice error={acting.error} />}
        <div className="row">
          <Button kind={danger ? "danger" : "primary"} type="submit" busy={acting.isPending} refused={props.refused}>
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

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
