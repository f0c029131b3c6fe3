import { Alias, Person, Stage, VersionLink } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Metric } from "../../ui/Metric";
import { type Column, Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { EvaluatedDuel } from "./EvaluatedDuel";
import { looks, type Overview, servingStage } from "./queries";
import "./Overview.css";

type Measure = NonNullable<Overview["differences"]>["metrics"][number];
type Summary = NonNullable<Overview["champion"]>;

/** The version that serves, beside the one that is to take its place, with every metric of both. */
export function Duel({ glance }: { glance: Overview }) {
  const { champion, challenger, directions, model } = glance;
  if (champion === null && challenger === null) {
    const serving = servingStage(glance.stages);
    return (
      <Empty title={serving === undefined ? "Nothing serves yet" : "No version is the champion"}>
        {serving?.version != null && (
          <p>
            <VersionLink model={model.name} version={serving.version} /> stands in{" "}
            <Stage name={serving.name} look={looks(glance.stages)[serving.name]} />
          </p>
        )}
        <p className="text">
          The version with the alias <Alias name="champion" /> is what clients load. A move to a stage can set it, or{" "}
          <code>
            moorage alias set {model.name}/{serving?.version ?? 1} champion
          </code>
          .
        </p>
      </Empty>
    );
  }
  const columns: Column<Measure>[] = [{ key: "name", head: "Metric", cell: ({ name }) => name, wide: true }];
  const measures = glance.differences?.metrics ?? only(champion ?? challenger);
  if (champion !== null) {
    columns.push({
      key: "champion",
      head: "Champion",
      cell: ({ values }) => <Metric value={values[0] ?? undefined} />,
      align: "end",
    });
  }
  if (challenger !== null) {
    columns.push({
      key: "challenger",
      head: "Challenger",
      cell: ({ name, values }) => {
        const [base, value] = champion === null ? [undefined, values[0]] : values;
        return <Metric value={value ?? undefined} base={base ?? undefined} direction={directions[name]} />;
      },
      align: "end",
    });
  }
  return (
    <div className="stack">
      <div className="duel">
        <Side title="Champion" glance={glance} version={champion} />
        <Side title="Challenger" glance={glance} version={challenger} />
      </div>
      <Table
        caption="Metrics of both"
        columns={columns}
        rows={measures}
        rowKey={({ name }) => name}
        empty={<p className="muted">No metrics were recorded.</p>}
      />
      {champion !== null && challenger !== null && (
        <EvaluatedDuel model={model.name} champion={champion.number} challenger={challenger.number} />
      )}
    </div>
  );
}

function Side({ title, glance, version }: { title: string; glance: Overview; version: Summary | null }) {
  if (version === null) {
    return (
      <div className="duel-side">
        <h3>{title}</h3>
        <p className="muted">None.</p>
      </div>
    );
  }
  return (
    <div className="duel-side">
      <h3>{title}</h3>
      <p className="row">
        <VersionLink model={glance.model.name} version={version.number} label={version.label} />
        <Stage name={version.stage} look={looks(glance.stages)[version.stage]} />
      </p>
      <p className="muted">
        In {version.stage} since <Time at={version.stage_since} ago />
      </p>
      <p className="muted">
        Registered by <Person name={version.created_by} />
      </p>
    </div>
  );
}

function only(version: Summary | null): Measure[] {
  return Object.entries(version?.metrics ?? {}).map(([name, value]) => ({ name, values: [value], differences: [] }));
}
