import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { Dialog } from "./Dialog";
import { Loaded } from "./Loaded";

interface OpenedProps<T> {
  /** The title until it is read. */
  title: string;
  read: () => Promise<T>;
  onClose: () => void;
  /** The dialog that edits what was read. */
  children: (found: T) => ReactNode;
}

/**
 * A dialog that edits what the registry has at the moment. It is read when the dialog opens, with its ETag, and not
 * again: what is edited must not change under the hand.
 */
export function Opened<T>({ title, read, onClose, children }: OpenedProps<T>) {
  const id = useId();
  const query = useQuery({
    queryKey: ["opened", id, title],
    queryFn: read,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.data !== undefined) {
    return children(query.data);
  }
  return (
    <Dialog title={title} open onClose={onClose}>
      <Loaded query={query}>{() => null}</Loaded>
    </Dialog>
  );
}
