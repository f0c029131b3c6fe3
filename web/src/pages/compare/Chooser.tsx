import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { overviewOf } from "../model/queries";
import { chosen, fault } from "./chosen";

interface ChooserProps {
  versions: readonly string[];
  onChange: (versions: string) => void;
}

/** Which versions stand side by side, as text: numbers and aliases. */
export function Chooser({ versions, onChange }: ChooserProps) {
  const text = versions.join(", ");
  const [typed, setTyped] = useState(text);
  const [said, setSaid] = useState<string | undefined>();
  useEffect(() => setTyped(text), [text]);
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
  const { data } = useQuery(overviewOf(model));
  const champion = data?.champion?.number;
  const newest = Math.max(0, ...(data?.stages ?? []).flatMap(({ versions }) => versions.map(({ number }) => number)));
  const pairs = [
    { name: "Champion and challenger", pair: "@champion,@challenger", there: champion && data?.challenger },
    { name: `Champion and version ${newest}`, pair: `@champion,${newest}`, there: champion && newest !== champion },
    { name: `Versions ${newest - 1} and ${newest}`, pair: `${newest - 1},${newest}`, there: newest > 1 },
  ];
  return (
    <div className="row">
      {pairs
        .filter(({ there }) => there)
        .map(({ name, pair }) => (
          <Button key={name} onClick={() => onChange(pair)}>
            {name}
          </Button>
        ))}
    </div>
  );
}
