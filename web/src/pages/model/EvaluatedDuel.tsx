import { useQuery } from "@tanstack/react-query";
import { VerdictMark } from "../../evaluations/VerdictMark";
import type { Verdict } from "../../evaluations/verdict";
import { Loaded } from "../../ui/Loaded";
import { Metric } from "../../ui/Metric";
import { type Column, Table } from "../../ui/Table";
import { comparisonOf } from "../compare/queries";

interface EvaluatedDuelProps {
  model: string;
  champion: number;
  challenger: number;
}

/** A metric that both were evaluated by, and what the evaluations show. */
interface Row {
  evaluation: string;
  name: string;
  values: (number | null)[];
  verdict: Verdict;
}

/** What the evaluations of the champion and the challenger show: the difference with its interval, and the verdict. */
export function EvaluatedDuel({ model, champion, challenger }: EvaluatedDuelProps) {
  const query = useQuery(comparisonOf(model, [String(champion), String(challenger)]));
  return (
    <Loaded query={query} lines={3}>
      {({ evaluations }) => {
        const rows = evaluations.flatMap(({ name: evaluation, metrics }) =>
          metrics.flatMap(({ name, values, verdicts }): Row[] => {
            const verdict = verdicts?.[1] ?? null;
            return verdict === null ? [] : [{ evaluation, name, values, verdict }];
          }),
        );
        return rows.length === 0 ? null : (
          <Table
            caption="Evaluations of both"
            rows={rows}
            rowKey={({ evaluation, name }) => `${evaluation} ${name}`}
            columns={COLUMNS}
          />
        );
      }}
    </Loaded>
  );
}

const COLUMNS: Column<Row>[] = [
  {
    key: "metric",
    head: "Evaluated",
    wide: true,
    cell: ({ evaluation, name }) => (
      <>
        {name} <span className="muted">of {evaluation}</span>
      </>
    ),
  },
  { key: "champion", head: "Champion", align: "end", cell: ({ values }) => <Metric value={values[0] ?? undefined} /> },
  {
    key: "challenger",
    head: "Challenger",
    align: "end",
    cell: ({ values }) => <Metric value={values[1] ?? undefined} />,
  },
  {
    key: "verdict",
    head: "The challenger is",
    cell: ({ verdict }) => <VerdictMark verdict={verdict} />,
  },
];
