import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";
import { copied } from "./clipboard";
import { Scroller } from "./Scroller";
import "./Copy.css";

interface CopyProps {
  text: string;
  /** What is copied, for example "digest". */
  what: string;
  /** The single key that copies it. */
  shortcut?: string;
}

/** A button that copies `text`. */
export function Copy({ text, what, shortcut }: CopyProps) {
  const [done, setDone] = useState(false);
  async function copy() {
    if (await copied(text, what)) {
      setDone(true);
      setTimeout(() => setDone(false), 2000);
    }
  }
  const Icon = done ? Check : CopyIcon;
  return (
    <button
      type="button"
      className="copy no-print"
      aria-label={`Copy ${what}`}
      aria-keyshortcuts={shortcut}
      title={`Copy ${what}`}
      onClick={copy}
    >
      <Icon aria-hidden="true" />
    </button>
  );
}

/** Lines to type elsewhere, with a button that copies them. */
export function Snippet({ text, what }: { text: string; what: string }) {
  return (
    <div className="snippet">
      <Scroller label={what}>
        <pre>{text}</pre>
      </Scroller>
      <Copy text={text} what={what} />
    </div>
  );
}
