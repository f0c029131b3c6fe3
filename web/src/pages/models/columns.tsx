import { Link } from "@tanstack/react-router";
import { Eye, Snowflake } from "lucide-react";
import type { ReactNode } from "react";
import { type Field, listedFields, written, writtenList } from "../../format/fields";
import { count } from "../../format/number";
import { Alias, ModelLink, Person, Stage, Tag } from "../../ui/Badges";
import { Metric } from "../../ui/Metric";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { directionsOf, type FoundModel, type Holder, headlineOf } from "./holders";

interface Kind extends Pick<Column<FoundModel>, "align"> {
  head: string;
  cell: (model: FoundModel) => ReactNode;
}

/** The columns that can be chosen, by their names in the address. */
export const COLUMNS: Record<string, Kind> = {
  serving: { head: "Serving", cell: (model) => <Serving model={model} /> },
  metric: { head: "Metric", cell: (model) => <Headline model={model} /> },
  since: {
    head: "Since",
    cell: ({ holders }) => (holders?.serving ? <Time at={holders.serving.stage_since} /> : NONE),
  },
  champion: { head: "Champion", cell: (model) => <Held model={model} holder={model.holders?.champion} /> },
  challenger: { head: "Challenger", cell: (model) => <Challenger model={model} /> },
  requests: { head: "Requests", cell: (model) => <Requests model={model} />, align: "end" },
  versions: { head: "Versions", cell: (model) => count(model.versions), align: "end" },
  owner: { head: "Owner", cell: ({ owner }) => (owner === "" ? NONE : <Person name={owner} />) },
  tier: { head: "Tier", cell: ({ tier }) => tier },
  revised: { head: "Last changed", cell: (model) => <Time at={model.revised_at} /> },
  stages: { head: "Stages held", cell: (model) => <Stages model={model} /> },
  aliases: { head: "Aliases", cell: (model) => <Aliases model={model} /> },
  tags: { head: "Tags", cell: ({ tags }) => <Tags tags={tags} /> },
  created: { head: "Created", cell: (model) => <Time at={model.created_at} /> },
  description: { head: "Description", cell: ({ description }) => (description === "" ? NONE : description) },
};

const NONE = <span className="muted">—</span>;
const USUAL = "serving,metric,since,challenger,requests,versions,owner,revised";

/** The columns that the address names, or those that are usual. */
export function fieldsShown(cols: string | undefined): Field[] {
  return listedFields(cols ?? USUAL);
}

/** How the address names a choice of columns; undefined for the usual ones. */
export function fieldsText(fields: readonly Field[]): string | undefined {
  const text = writtenList(fields);
  // A comma alone is a list without fields; an empty text would be no choice.
  return text === USUAL ? undefined : text === "" ? "," : text;
}

/** A button that shows more of a model without leaving, its name, and the chosen columns. */
export function columnsOf(fields: readonly Field[], onPeek: (model: FoundModel) => void): Column<FoundModel>[] {
  return [
    {
      key: "peek",
      head: <span className="visually-hidden">More</span>,
      cell: (model) => (
        <button type="button" className="models-peek" title="Show more" onClick={() => onPeek(model)}>
          <Eye aria-hidden="true" />
          <span className="visually-hidden">Show more of {model.name}</span>
        </button>
      ),
    },
    {
      key: "name",
      head: "Name",
      cell: ({ name, frozen }) => (
        <span title={name}>
          <ModelLink model={name} />
          {frozen !== null && <Snowflake className="models-frozen" aria-label="frozen" />}
        </span>
      ),
    },
    ...fields.map(columnOf),
  ];
}

function columnOf(field: Field): Column<FoundModel> {
  const { name, key } = field;
  if (name === "tags" && key !== null) {
    return {
      key: written(field),
      head: key,
      cell: ({ tags }) => (tags[key] === undefined ? NONE : <Tag name={key} value={tags[key]} />),
    };
  }
  const { head, cell, ...rest } = COLUMNS[name] ?? { head: name, cell: () => NONE };
  return { key: name, head, cell, ...rest };
}

/** The link to a version of a model, as short as a table needs it. */
export function Numbered({ model, version, children }: { model: string; version: number; children?: ReactNode }) {
  return (
    <Link to="/models/$model/versions/$version" params={{ model, version: String(version) }}>
      {children}
      {version}
    </Link>
  );
}

function Held({
  model,
  holder,
  staged = false,
}: {
  model: FoundModel;
  holder: Holder | null | undefined;
  staged?: boolean;
}) {
  if (holder === null || holder === undefined) {
    return NONE;
  }
  return (
    <span className="models-badges">
      <Numbered model={model.name} version={holder.number}>
        version{" "}
      </Numbered>
      {holder.label !== null && <span className="muted models-label">{holder.label}</span>}
      {staged && <Stage name={holder.stage} />}
    </span>
  );
}

/** Who holds the serving stage; a model without such a stage serves its champion. */
function Serving({ model }: { model: FoundModel }) {
  const { serving, champion } = model.holders ?? {};
  return serving || !champion ? (
    <Held model={model} holder={serving} staged />
  ) : (
    <span className="models-badges">
      <Held model={model} holder={champion} />
      <Alias name="champion" />
    </span>
  );
}

function Headline({ model }: { model: FoundModel }) {
  const found = headlineOf(model);
  return found === null ? (
    NONE
  ) : (
    <span className="models-badges">
      <span className="muted">{found.name}</span>
      <Metric value={found.value} />
    </span>
  );
}

function Challenger({ model }: { model: FoundModel }) {
  const { challenger, champion } = model.holders ?? {};
  const metric = headlineOf(model)?.name;
  if (challenger === null || challenger === undefined) {
    return NONE;
  }
  return (
    <span className="models-badges">
      <Held model={model} holder={challenger} />
      {metric !== undefined && (
        <Metric
          value={challenger.metrics[metric]}
          base={champion?.metrics[metric]}
          direction={directionsOf(model)[metric]}
        />
      )}
    </span>
  );
}

function Requests({ model }: { model: FoundModel }) {
  const open = model.holders?.open_requests ?? 0;
  return open === 0 ? (
    <span className="muted">0</span>
  ) : (
    <Link to="/models/$model/requests" params={{ model: model.name }}>
      {count(open)}
    </Link>
  );
}

export function Stages({ model }: { model: FoundModel }) {
  const held = Object.entries(model.stages);
  return held.length === 0 ? (
    NONE
  ) : (
    <span className="models-badges">
      {held.map(([stage, { version }]) => (
        <Numbered key={stage} model={model.name} version={version}>
          <Stage name={stage} />{" "}
        </Numbered>
      ))}
    </span>
  );
}

export function Aliases({ model }: { model: FoundModel }) {
  const aliases = Object.entries(model.aliases);
  return aliases.length === 0 ? (
    NONE
  ) : (
    <span className="models-badges">
      {aliases.map(([name, version]) => (
        <Numbered key={name} model={model.name} version={version}>
          <Alias name={name} locked={model.protected_aliases.includes(name)} />{" "}
        </Numbered>
      ))}
    </span>
  );
}

export function Tags({ tags }: { tags: Record<string, string> }) {
  const all = Object.entries(tags);
  return all.length === 0 ? (
    NONE
  ) : (
    <span className="models-badges">
      {all.map(([name, value]) => (
        <Tag key={name} name={name} value={value} />
      ))}
    </span>
  );
}
