import { useMutation } from "@tanstack/react-query";
import { Button } from "../../ui/Button";
import { Copy } from "../../ui/Copy";
import { follow } from "../../ui/download";
import { addressOf, type ListedFile } from "./queries";

export interface FetchProps {
  model: string;
  version: string;
  file: ListedFile;
  /** What went wrong; null once it is tried again. The page says so, because a row has no room. */
  onFailure: (error: unknown) => void;
}

/** Downloads a file, or shows where one lies that the registry does not keep. */
export function Fetch({ model, version, file, onFailure }: FetchProps) {
  const elsewhere = file.kind === "reference";
  const asking = useMutation({
    onMutate: () => onFailure(null),
    onError: onFailure,
    mutationFn: () => addressOf(model, version, file.path),
    onSuccess: (address) => {
      if (address !== null && !elsewhere) {
        follow(address);
      }
    },
  });
  if (elsewhere && asking.data) {
    return (
      <span className="files-place">
        <code title={asking.data}>{asking.data}</code>
        <Copy text={asking.data} what={`address of ${file.path}`} />
      </span>
    );
  }
  return (
    <Button kind="quiet" busy={asking.isPending} onClick={() => asking.mutate()}>
      <span>
        {elsewhere ? "Show where" : "Download"}
        <span className="visually-hidden"> {file.path}</span>
        {elsewhere && " it lies"}
      </span>
    </Button>
  );
}
