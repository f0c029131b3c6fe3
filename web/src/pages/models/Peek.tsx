import { Link } from "@tanstack/react-router";
import { count } from "../../format/number";
import { Person } from "../../ui/Badges";
import { Dialog } from "../../ui/Dialog";
import { Metric } from "../../ui/Metric";
import { Notice } from "../../ui/Notice";
import { type Column, Fact, Facts, Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { Aliases, Stages, Tags } from "./columns";
import { directionsOf, type FoundModel } from "./holders";

const SHOWN = 400;

/** More of a model, without leaving the list. */
export function Peek({ model, onClose }: { model: FoundModel; onClose: () => void }) {
  const { name, description, owner } = model;
  return (
    <Dialog title={name} open onClose={onClose}>
      {model.frozen !== null && (
        <Notice tone="warn" title="This model is frozen">
          <p>
            {model.frozen.reason} — <Person name={model.frozen.by} />, <Time at={model.frozen.at} />
          </p>
        </Notice>
      )}
      {description !== "" && (
        <p className="text">{description.length > SHOWN ? `${description.slice(0, SHOWN)} …` : description}</p>
      )}
      <Metrics model={model} />
      <Facts>
        <Fact name="Owner">{owner === "" ? "—" : <Person name={owner} />}</Fact>
        <Fact name="Risk tier">{model.tier}</Fact>
        <Fact name="Versions">{count(model.versions)}</Fact>
        <Fact name="Stages held">
          <Stages model={model} />
        </Fact>
        <Fact name="Aliases">
          <Aliases model={model} />
        </Fact>
        <Fact name="Tags">
          <Tags tags={model.tags} />
        </Fact>
        <Fact name="Last changed">
          <Time at={model.revised_at} />
        </Fact>
      </Facts>
      <div className="row">
        <Link className="button button-primary" to="/models/$model" params={{ model: name }}>
          Open the model
        </Link>
        <Link className="button" to="/models/$model/versions" params={{ model: name }}>
          Versions
        </Link>
        <Link className="button" to="/models/$model/board" params={{ model: name }}>
          Board
        </Link>
      </div>
    </Dialog>
  );
}

/** The metrics of who serves, and of who may take its place. */
function Metrics({ model }: { model: FoundModel }) {
  const directions = directionsOf(model);
  const serving = model.holders?.champion ?? model.holders?.serving;
  const challenger = model.holders?.challenger;
  const names = [
    ...new Set([...Object.keys(serving?.metrics ?? {}), ...Object.keys(challenger?.metrics ?? {})]),
  ].sort();
  if (names.length === 0) {
    return null;
  }
  const columns: Column<string>[] = [{ key: "name", head: "Metric", cell: (name) => name, wide: true }];
  if (serving) {
    columns.push({
      key: "serving",
      head: `Version ${serving.number}, serving`,
      cell: (name) => <Metric value={serving.metrics[name]} />,
      align: "end",
    });
  }
  if (challenger) {
    columns.push({
      key: "challenger",
      head: `Version ${challenger.number}, challenger`,
      cell: (name) => (
        <Metric value={challenger.metrics[name]} base={serving?.metrics[name]} direction={directions[name]} />
      ),
      align: "end",
    });
  }
  return <Table caption={`Metrics of ${model.name}`} columns={columns} rows={names} rowKey={(name) => name} />;
}
