import { lazy, Suspense } from "react";
import { Skeleton } from "./Loaded";

const Markdown = lazy(() => import("./Markdown"));

/** Markdown that people wrote; what renders it is loaded only where there is some. */
export function Prose({ text }: { text: string }) {
  return (
    <Suspense fallback={<Skeleton lines={4} />}>
      <Markdown text={text} />
    </Suspense>
  );
}
