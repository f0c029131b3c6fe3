import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";
import { announce } from "./announce";
import { Scroller } from "./Scroller";
import { done } from "./toasts";
import "./Copy.css";

/** A button that copies `text`. `what` names it, for example "digest"; `shortcut` is the key that presses it. */
export function Copy({ text, what, shortcut }: { text: string; what: string; shortcut?: string }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done("This browser does not allow copying. Select the text instead.");
      return;
    }
    setCopied(true);
    announce(`Copied ${what}`);
    setTimeout(() => setCopied(false), 2000);
  }
  const Icon = copied ? Check : CopyIcon;
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
