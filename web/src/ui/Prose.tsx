import { Skeleton } from "./Loaded";
import { late } from "./late";

const Markdown = late(() => import("./Markdown").then((part) => part.default));

/** Markdown that people wrote; what renders it is loaded only where there is some. */
export function Prose({ text }: { text: string }) {
  return <Markdown text={text} waiting={<Skeleton lines={4} />} />;
}
