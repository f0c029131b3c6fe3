import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";
import { announce } from "./announce";
import { Scroller } from "./Scroller";
import "./Copy.css";

/** A button that copies `text`. `what` names it, for example "digest". */
export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce(`Copied ${what}`);
    setTimeout(() => setCopied(false), 2000);
  }
  const Icon = copied ? Check : CopyIcon;
  return (
    <button type="button" className="copy no-print" aria-label={`Copy ${what}`} title={`Copy ${what}`} onClick={copy}>
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
