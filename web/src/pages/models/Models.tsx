import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { answered, api } from "../../api/client";
import type { Model } from "../../api/documents";
import { count } from "../../format/number";
import { Alias, Person, Stage, Tag } from "../../ui/Badges";
import { SelectField } from "../../ui/Field";
import { FilterBox } from "../../ui/FilterBox";
import { Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";
import { NoModels, NothingFound } from "./Nothing";
import "./Models.css";

const PAGE = 100;
const ORDERS: Record<string, string> = {
  "": "Last changed first",
  name: "Name",
  "created_at DESC": "Newest first",
};
const LAST_CHANGED = "updated_at DESC";

const COLUMNS: Column<Model>[] = [
  {
    key: "name",
    head: "Name",
    cell: (model) => (
      <Link to="/models/$model" params={{ model: model.name }} title={model.name}>
        {model.name}
      </Link>
    ),
  },
  { key: "serving", head: "Stages held", cell: (model) => <Holders model={model} /> },
  {
    key: "aliases",
    head: "Aliases",
    cell: (model) => (
      <span className="models-badges">
        {Object.entries(model.aliases).map(([name, version]) => (
          <Link
            key={name}
            to="/models/$model/versions/$version"
            params={{ model: model.name, version: String(version) }}
          >
            <Alias name={name} /> {version}
          </Link>
        ))}
      </span>
    ),
  },
  { key: "versions", head: "Versions", cell: (model) => count(model.versions), align: "end" },
  { key: "owner", head: "Owner", cell: (model) => (model.owner === "" ? "—" : <Person name={model.owner} />) },
  { key: "tier", head: "Tier", cell: (model) => model.tier },
  {
    key: "tags",
    head: "Tags",
    cell: (model) => (
      <span className="models-badges">
        {Object.entries(model.tags).map(([name, value]) => (
          <Tag key={name} name={name} value={value} />
        ))}
      </span>
    ),
  },
  { key: "revised", head: "Last changed", cell: (model) => <Time at={model.revised_at} /> },
];

/** All models that the caller may read, searched and sorted by the server. */
export function Models() {
  const [{ q = "", order = "" }, change] = useAddress();
  const navigate = useNavigate();
  const found = useInfiniteQuery({
    queryKey: ["models", "search", q, order],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/search/models", {
          params: {
            query: {
              filter: q,
              order_by: order || LAST_CHANGED,
              limit: PAGE,
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Models">
      <div className="models-tools no-print">
        <FilterBox
          value={q}
          onChange={(filter) => change({ q: filter })}
          error={found.error}
          example="tags.team = 'risk' AND stage = 'production'"
          searched={{ of: "models" }}
        />
        <SelectField label="Order" value={order} onChange={(event) => change({ order: event.target.value })}>
          {Object.entries(ORDERS).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
      <div className="card card-flush">
        <VirtualTable
          caption="Models"
          columns={COLUMNS}
          rows={rows}
          rowKey={(model) => model.name}
          pages={found}
          empty={q === "" ? <NoModels /> : <NothingFound filter={q} onChange={(filter) => change({ q: filter })} />}
          onOpen={(model) => void navigate({ to: "/models/$model", params: { model: model.name } })}
        />
      </div>
    </Page>
  );
}

function Holders({ model }: { model: Model }) {
  const held = Object.entries(model.stages);
  if (held.length === 0) {
    return <span className="muted">—</span>;
  }
  return (
    <span className="models-badges">
      {held.map(([stage, { version }]) => (
        <Link
          key={stage}
          to="/models/$model/versions/$version"
          params={{ model: model.name, version: String(version) }}
        >
          <Stage name={stage} /> {version}
        </Link>
      ))}
    </span>
  );
}
