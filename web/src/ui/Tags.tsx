import { useState } from "react";
import { Tag } from "./Badges";
import { Button } from "./Button";

const SHOWN_AT_FIRST = 12;

/** Tags, the first dozen until more are asked for. */
export function Tags({ tags }: { tags: Record<string, string> }) {
  const [all, setAll] = useState(false);
  const named = Object.entries(tags);
  const shown = all ? named : named.slice(0, SHOWN_AT_FIRST);
  return (
    <div className="row">
      {shown.map(([name, value]) => (
        <Tag key={name} name={name} value={value} />
      ))}
      {named.length > shown.length && (
        <Button kind="quiet" onClick={() => setAll(true)}>
          {named.length - shown.length} more
        </Button>
      )}
    </div>
  );
}
