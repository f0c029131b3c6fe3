import { Button } from "./Button";
import { Snippet } from "./Copy";
import { Dialog } from "./Dialog";
import { Notice } from "./Notice";

interface OnceSecretProps {
  title: string;
  /** What it is: `token`, `signing secret`. */
  what: string;
  /** Null if the registry has shown it before. */
  secret: string | null;
  onClose: () => void;
}

/** A secret that the registry shows once. The dialog is left only by its own button, so that none is lost by a slip. */
export function OnceSecret({ title, what, secret, onClose }: OnceSecretProps) {
  return (
    <Dialog title={title} open firm onClose={onClose}>
      {secret === null ? (
        <Notice tone="warn" title={`The ${what} was shown before`}>
          <p>The registry shows it only once. Rotate it to get another one.</p>
        </Notice>
      ) : (
        <>
          <p>Copy the {what} now. It is not shown again.</p>
          <Snippet text={secret} what={what} />
        </>
      )}
      <div className="row">
        <Button kind="primary" onClick={onClose}>
          {secret === null ? "Close" : "I have copied it"}
        </Button>
      </div>
    </Dialog>
  );
}
