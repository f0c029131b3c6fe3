import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { overviewOf } from "../model/queries";
import { chosen, fault, pairsOf } from "./chosen";

interface ChooserProps {
  versions: readonly string[];
  onChange: (versions: string) => void;
}

/** Which versions stand side by side, as text: numbers and aliases. */
export function Chooser({ versions, onChange }: ChooserProps) {
  const text = versions.join(", ");
  const [typed, setTyped] = useState(text);
  const [said, setSaid] = useState<string | undefined>();
  useEffect(() => {
    setTyped(text);
    setSaid(undefined);
  }, [text]);
  function submit(event: FormEvent) {
    event.preventDefault();
    const refs = chosen(typed, undefined);
    const wrong = fault(refs);
    setSaid(wrong);
    if (wrong === undefined) {
      onChange(refs.join(","));
    }
  }
  return (
    <form className="compare-chooser no-print" onSubmit={submit}>
      <TextField
        label="Versions"
        hint="Two to five, by number or @alias. The first is the base of the differences."
        fault={said ?? (versions.length === 0 ? undefined : fault(versions))}
        placeholder="@champion, 7"
        spellCheck={false}
        autoCapitalize="none"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit">Compare</Button>
    </form>
  );
}

/** Pairs that people compare often, for a page that was opened without versions. */
export function Proposals({ model, onChange }: { model: string; onChange: (versions: string) => void }) {
  const query = useQuery(overviewOf(model));
  return (
    <Loaded query={query} lines={1}>
      {(glance) => {
        const pairs = pairsOf(glance);
        return pairs.length === 0 ? (
          <p>There are not two versions yet.</p>
        ) : (
          <>
            <p>Name versions above, select some on the page Versions, or begin with a pair:</p>
            <div className="row">
              {pairs.map(({ name, pair }) => (
                <Button key={name} onClick={() => onChange(pair)}>
                  {name}
                </Button>
              ))}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
