import { useState } from "react";
import { Snippet } from "./Copy";
import "./Snippets.css";

/** The same thing in several tools, one of which is shown at a time. */
export function Snippets({ snippets }: { snippets: { tool: string; text: string }[] }) {
  const [shown, setShown] = useState(snippets[0]?.tool);
  const chosen = snippets.find(({ tool }) => tool === shown);
  return (
    <div className="snippets">
      <fieldset className="row snippets-tools no-print" aria-label="Tool">
        {snippets.map(({ tool }) => (
          <button
            key={tool}
            type="button"
            className="snippets-tool"
            aria-pressed={tool === shown}
            onClick={() => setShown(tool)}
          >
            {tool}
          </button>
        ))}
      </fieldset>
      {chosen !== undefined && <Snippet text={chosen.text} what={`lines for ${chosen.tool}`} />}
    </div>
  );
}
