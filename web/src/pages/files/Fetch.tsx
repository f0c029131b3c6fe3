import { useMutation } from "@tanstack/react-query";
import { Button } from "../../ui/Button";
import { Copy } from "../../ui/Copy";
import { DownloadButton } from "../../ui/DownloadButton";
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
export function Fetch(props: FetchProps) {
  const { model, version, file, onFailure } = props;
  return file.kind === "reference" ? (
    <Elsewhere {...props} />
  ) : (
    <DownloadButton
      what={file.path}
      hand={async () => follow(await addressOf(model, version, file.path))}
      onFailure={onFailure}
    />
  );
}

function Elsewhere({ model, version, file, onFailure }: FetchProps) {
  const asking = useMutation({
    onMutate: () => onFailure(null),
    onError: onFailure,
    mutationFn: () => addressOf(model, version, file.path),
  });
  return asking.data === undefined ? (
    <Button kind="quiet" busy={asking.isPending} onClick={() => asking.mutate()}>
      <span>
        Show where<span className="visually-hidden"> {file.path}</span> it lies
      </span>
    </Button>
  ) : (
    <span className="files-place">
      <code title={asking.data}>{asking.data}</code>
      <Copy text={asking.data} what={`address of ${file.path}`} />
    </span>
  );
}
