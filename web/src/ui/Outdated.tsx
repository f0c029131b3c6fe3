import { Button } from "./Button";
import type { DraftOf } from "./draft";
import { Notice } from "./Notice";

interface OutdatedProps {
  /** What was changed: `The scheme`. */
  what: string;
  draft: Pick<DraftOf<unknown>, "rebase" | "restart">;
}

/** Says that others changed what a draft was begun on, and lets its author decide. */
export function Outdated({ what, draft }: OutdatedProps) {
  return (
    <Notice
      tone="warn"
      title={`${what} has changed since you began to write`}
      actions={
        <>
          <Button onClick={draft.restart}>Begin again with what is there now</Button>
          <Button onClick={draft.rebase}>Mine replaces it</Button>
        </>
      }
    >
      <p>Below is what you wrote. It is not saved over the change until you say so.</p>
    </Notice>
  );
}
