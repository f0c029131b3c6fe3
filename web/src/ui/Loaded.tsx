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
  children: (data: T) => ReactNode;
}

/** Content that comes from the API: a skeleton, then the content, or what went wrong and a way to try again. */
export function Loaded<T>({ query, lines = 3, children }: LoadedProps<T>) {
  if (query.isPlaceholderData) {
    // What was asked before keeps its room, so that the page does not jump. It is neither seen nor pressed: the page
    // around it names something else by now.
    return (
      <div className="loaded-before">
        <Skeleton lines={lines} />
        {children(query.data)}
      </div>
    );
  }
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
        {children(query.data)}
      </>
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
