import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { ProblemNotice } from "./Notice";
import "./Loaded.css";

// Most answers come sooner, and a skeleton that only flashes makes a page restless.
const PATIENCE_MS = 200;

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** How many lines the content will have, about; the skeleton takes their place. */
  lines?: number;
  /**
   * Whether what was asked before keeps its room until the next is there, so that the page does not jump. It is neither
   * seen nor pressed meanwhile: the page around it names something else by now. The query keeps its data.
   */
  keeps?: boolean;
  children: (data: T) => ReactNode;
}

/** Content that comes from the API: a skeleton, then the content, or what went wrong and a way to try again. */
export function Loaded<T>({ query, lines = 3, keeps = false, children }: LoadedProps<T>) {
  const before = query.isPlaceholderData;
  if (query.data !== undefined && (keeps || !before)) {
    const content = (
      <>
        {query.isError && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
    return keeps ? (
      <div className={before ? "loaded loaded-before" : "loaded"}>
        {before && <Skeleton lines={lines} />}
        {content}
      </div>
    ) : (
      content
    );
  }
  if (query.isError) {
    return <ProblemNotice error={query.error} retry={() => void query.refetch()} />;
  }
  return <Skeleton lines={lines} />;
}

/** Grey lines in place of content, shown only if the content is late. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={late ? "skeleton" : "skeleton skeleton-hidden"} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        // The lines never change places.
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike
        <span key={line} />
      ))}
    </div>
  );
}
