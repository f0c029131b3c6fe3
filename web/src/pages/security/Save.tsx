import { useMutation } from "@tanstack/react-query";
import { Button } from "../../ui/Button";
import { download } from "../../ui/download";

interface SaveProps {
  /** The name of the file. */
  file: string;
  /** What it is, for those who do not see the row that the button is in. */
  what: string;
  read: () => Promise<unknown>;
  /** What went wrong; null once it is tried again. The card says so, because a row has no room. */
  onFailure: (error: unknown) => void;
}

/** Hands the reader a document of the registry as a file, exactly as the registry answers it. */
export function Save({ file, what, read, onFailure }: SaveProps) {
  const reading = useMutation({
    onMutate: () => onFailure(null),
    onError: onFailure,
    mutationFn: read,
    onSuccess: (document) => download(file, "application/json", JSON.stringify(document)),
  });
  return (
    <Button kind="quiet" busy={reading.isPending} onClick={() => reading.mutate()}>
      <span>
        Download<span className="visually-hidden"> {what}</span>
      </span>
    </Button>
  );
}
