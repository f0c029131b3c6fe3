import { useMutation } from "@tanstack/react-query";
import { Button } from "./Button";

interface DownloadButtonProps {
  /** What is downloaded, for those who do not see the row that the button is in. */
  what: string;
  /** Finds the file and hands it to the reader. */
  hand: () => Promise<void>;
  /** What went wrong; null once it is tried again. The page says so, because a row has no room. */
  onFailure: (error: unknown) => void;
}

/** Downloads the file of a row. */
export function DownloadButton({ what, hand, onFailure }: DownloadButtonProps) {
  const handing = useMutation({ onMutate: () => onFailure(null), onError: onFailure, mutationFn: hand });
  return (
    <Button kind="quiet" busy={handing.isPending} onClick={() => handing.mutate()}>
      <span>
        Download<span className="visually-hidden"> {what}</span>
      </span>
    </Button>
  );
}
