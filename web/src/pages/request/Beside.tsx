import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Direction } from "../../format/number";
import { many } from "../../format/words";
import { Mark, VersionLink } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Metric } from "../../ui/Metric";
import { Card } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { type Comparison, comparisonOf } from "./queries";

interface BesideProps {
  model: string;
  version: number;
  /** The version to compare with, and what makes it worth comparing. */
  base: { version: number; why: string };
  directions: Record<string, Direction>;
}

/** The version that is to move, beside the one whose place it takes. */
export function Beside({ model, version, base, directions }: BesideProps) {
  const query = useQuery(comparisonOf(model, base.version, version));
  return (
    <Card
      title={`Compared with version ${base.version}`}
      actions={
        <Link to="/models/$model/compare" params={{ model }} search={{ v: `${base.version},${version}` }}>
          Compare in full
        </Link>
      }
    >
      <p className="muted">{base.why}</p>
      <Loaded query={query} lines={5}>
        {(comparison) => <Rows model={model} comparison={comparison} directions={directions} />}
      </Loaded>
    </Card>
  );
}

interface RowsProps {
  model: string;
  comparison: Comparison;
  directions: Record<string, Direction>;
}

function Rows({ model, comparison, directions }: RowsProps) {
  const [base, version] = comparison.versions;
  const differ = (["parameters", "provenance", "datasets", "requirements", "signature", "files"] as const)
    .map((section) => [section, comparison[section].length] as const)
    .filter(([, rows]) => rows > 0);
  return (
    <>
      <Table
        caption="Metrics of both"
        rows={comparison.metrics}
        rowKey={({ name }) => name}
        empty={<p className="muted">Neither has metrics.</p>}
        columns={[
          { key: "name", head: "Metric", cell: ({ name }) => name },
          {
            key: "base",
            head: base === undefined ? "Before" : <VersionLink model={model} version={base.number} />,
            cell: ({ values }) => <Metric value={values[0] ?? undefined} />,
            align: "end",
          },
          {
            key: "version",
            head: version === undefined ? "After" : <VersionLink model={model} version={version.number} />,
            cell: ({ name, values }) => (
              <Metric value={values[1] ?? undefined} base={values[0] ?? undefined} direction={directions[name]} />
            ),
            align: "end",
          },
        ]}
      />
      {comparison.checks.length > 0 && (
        <Table
          caption="Checks of both"
          rows={comparison.checks}
          rowKey={({ name }) => name}
          columns={[
            { key: "name", head: "Check", cell: ({ name }) => name, wide: true },
            { key: "base", head: "Before", cell: ({ values }) => <Check result={values[0]} />, align: "end" },
            { key: "version", head: "After", cell: ({ values }) => <Check result={values[1]} />, align: "end" },
          ]}
        />
      )}
      <p className="muted">
        {differ.length === 0
          ? "Parameters, provenance, requirements, signature and files are equal."
          : `Differs in ${differ.map(([section, rows]) => nameOf(section, rows)).join(", ")}.`}
      </p>
    </>
  );
}

function Check({ result }: { result: string | null | undefined }) {
  if (result === null || result === undefined) {
    return <span className="muted">—</span>;
  }
  return <Mark state={result === "passed" ? "met" : result === "failed" ? "unmet" : "waiting"}>{result}</Mark>;
}

/** `2 parameters`, `1 file`, `provenance`. */
export function nameOf(section: string, rows: number): string {
  return section.endsWith("s") ? many(rows, section.slice(0, -1)) : section;
}
