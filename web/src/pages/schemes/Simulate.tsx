import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answered, api } from "../../api/client";
import { useMay } from "../../api/useSession";
import { many } from "../../format/words";
import { Mark, Person, Stage, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Notice, ProblemNotice } from "../../ui/Notice";
import { useAddress } from "../../ui/search";
import { type Column, Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { bodyOf, type Simulation } from "./queries";

type SimulatedMove = Simulation["moves"][number];

/** Tries a document on the past of a model: which of its moves the scheme would have refused. Nothing is saved. */
export function Simulate({ document }: { document: Record<string, unknown> }) {
  const [{ model: asked = "" }, change] = useAddress();
  const [model, setModel] = useState(asked);
  const may = useMay();
  const text = JSON.stringify(document);
  const running = useMutation({
    mutationFn: (_tried: string) =>
      answered(api.POST("/v1/models/{model}/scheme/simulate", { params: { path: { model } }, body: bodyOf(document) })),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    change({ model }, true);
    running.mutate(text);
  }
  const refused =
    model === "" ? "Name a model first." : may("manage", model) ? undefined : `It needs the action manage on ${model}.`;
  return (
    <>
      <form className="scheme-simulate no-print" onSubmit={submit}>
        <TextField
          label="Model"
          hint="Its past moves are judged by this scheme, by what was known at their time. Nothing is saved."
          value={model}
          onChange={(event) => setModel(event.target.value)}
        />
        <Button type="submit" busy={running.isPending} refused={refused}>
          Simulate
        </Button>
      </form>
      {running.isError && <ProblemNotice error={running.error} />}
      {running.data !== undefined &&
        (running.variables === text ? (
          <Result simulation={running.data} />
        ) : (
          <p className="muted">The scheme was tried as it was before. Simulate again to try it as it is now.</p>
        ))}
    </>
  );
}

/** What the scheme would have said. `known` is false if it might have refused the move for a gate that was not judged. */
function Verdict({ allowed, known }: { allowed: boolean; known: boolean }) {
  if (!allowed) {
    return <Mark state="unmet">refused</Mark>;
  }
  return known ? <Mark state="met">allowed</Mark> : <Mark state="waiting">perhaps allowed</Mark>;
}

function Result({ simulation }: { simulation: Simulation }) {
  const { model, moves, refused, complete } = simulation;
  const unsure = moves.filter(({ allowed, unjudged }) => allowed && unjudged.length > 0).length;
  const columns: Column<SimulatedMove>[] = [
    { key: "time", head: "Time", cell: ({ time }) => <Time at={time} /> },
    { key: "version", head: "Version", cell: ({ version }) => <VersionLink model={model} version={version} /> },
    {
      key: "move",
      head: "Move",
      cell: ({ from_stage, to_stage }) => (
        <span className="row">
          <Stage name={from_stage} /> → <Stage name={to_stage} />
        </span>
      ),
    },
    { key: "actor", head: "By", cell: ({ actor }) => <Person name={actor} /> },
    {
      key: "allowed",
      head: "Verdict",
      wide: true,
      cell: ({ allowed, blockers, unjudged }) => (
        <>
          <Verdict allowed={allowed} known={unjudged.length === 0} />
          {blockers.length + unjudged.length > 0 && (
            <ul className="scheme-needs">
              {blockers.map((blocker) => (
                <li key={blocker}>{blocker}</li>
              ))}
              {unjudged.map(({ gate, reason }) => (
                <li key={gate}>
                  gate {gate} was not judged: {reason}
                </li>
              ))}
            </ul>
          )}
        </>
      ),
    },
  ];
  return (
    <>
      <Notice
        live
        tone={refused + unsure === 0 ? "good" : "warn"}
        title={
          moves.length === 0
            ? `${model} has no past moves`
            : refused + unsure === 0
              ? `Every one of ${many(moves.length, "past move")} would have been allowed`
              : `${many(refused, "move")} of ${moves.length} would have been refused`
        }
      >
        {unsure > 0 && <p>{many(unsure, "more move")} might have been: not every gate could be judged.</p>}
        {!complete && <p>Only the first 5,000 events of the model were looked at.</p>}
      </Notice>
      {moves.length > 0 && (
        <Table caption="Past moves" columns={columns} rows={moves} rowKey={({ sequence }) => sequence} />
      )}
    </>
  );
}
