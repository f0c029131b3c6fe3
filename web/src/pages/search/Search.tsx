import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answered, api } from "../../api/client";
import type { Version } from "../../api/documents";
import { metric } from "../../format/number";
import { Alias, ModelLink, Person, Stage, VersionLink } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { SelectField, Tick } from "../../ui/Field";
import { FilterBox, filterFault, Unread } from "../../ui/FilterBox";
import { Card, Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";
import { NothingFound } from "../models/Nothing";
import { namedMetrics, ORDERS } from "./columns";
import { HowAnswered } from "./HowAnswered";
import "./Search.css";

const PAGE = 100;
const NEWEST = "created_at DESC";
const EXAMPLES = [
  "metrics.auc > 0.9 AND stage = 'production'",
  "tags.team = 'risk' AND framework = 'scikit-learn'",
  "run_id = '7c1f…'",
  "status = 'PENDING'",
];

/** Versions of all models, found by the search language. */
export function Search() {
  const [{ q = "", order = "", plan }, change] = useAddress();
  const navigate = useNavigate();
  const explained = plan === "1";
  const found = useInfiniteQuery({
    queryKey: ["versions", "search", q, order, explained],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/search/versions", {
          params: {
            query: {
              filter: q,
              order_by: order || NEWEST,
              limit: PAGE,
              explain: explained,
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    enabled: q !== "" || order !== "",
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const first = found.data?.pages[0];
  return (
    <Page title="Search">
      <div className="search-tools no-print">
        <FilterBox
          value={q}
          onChange={(filter) => change({ q: filter })}
          error={found.error}
          example="metrics.auc > 0.9 AND stage = 'production'"
        />
        <SelectField label="Order" value={order} onChange={(event) => change({ order: event.target.value })}>
          {orders(q, order).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
      {q === "" && order === "" ? (
        <Examples onChoose={(filter) => change({ q: filter })} />
      ) : (
        <>
          <Tick
            label="Show how the search is answered"
            checked={explained}
            onChange={() => change({ plan: explained ? undefined : "1" })}
          />
          {explained && first?.plan && first.cost && <HowAnswered plan={first.plan} cost={first.cost} />}
          <div className="card card-flush">
            {filterFault(found.error) !== null ? (
              <Unread what="versions" />
            ) : (
              <VirtualTable
                caption="Versions found"
                columns={columns(q)}
                rows={rows}
                rowKey={(version) => `${version.model}/${version.number}`}
                pages={found}
                empty={<NothingFound filter={q} onChange={(filter) => change({ q: filter })} />}
                onOpen={({ model, number }) =>
                  void navigate({
                    to: "/models/$model/versions/$version",
                    params: { model, version: String(number) },
                  })
                }
              />
            )}
          </div>
        </>
      )}
    </Page>
  );
}

/** The orders that can be chosen: the usual ones, by each metric that the filter names, and the one in the address. */
function orders(filter: string, chosen: string): [string, string][] {
  const offered: [string, string][] = [
    ...ORDERS,
    ...namedMetrics(filter).map((name): [string, string] => [`metrics.${name} DESC`, `${name}, highest first`]),
  ];
  return offered.some(([value]) => value === chosen) ? offered : [...offered, [chosen, chosen]];
}

function columns(filter: string): Column<Version>[] {
  return [
    { key: "model", head: "Model", cell: ({ model }) => <ModelLink model={model} /> },
    {
      key: "version",
      head: "Version",
      cell: ({ model, number, label }) => <VersionLink model={model} version={number} label={label} />,
    },
    { key: "stage", head: "Stage", cell: ({ stage }) => <Stage name={stage} /> },
    {
      key: "aliases",
      head: "Aliases",
      cell: ({ aliases }) => (
        <span className="row">
          {aliases.map((name) => (
            <Alias key={name} name={name} />
          ))}
        </span>
      ),
    },
    ...namedMetrics(filter).map(
      (name): Column<Version> => ({
        key: `metric ${name}`,
        head: name,
        align: "end",
        cell: ({ metrics }) =>
          metrics[name] === undefined ? "—" : <span title={String(metrics[name])}>{metric(metrics[name])}</span>,
      }),
    ),
    { key: "by", head: "Registered by", cell: (version) => <Person name={version.created_by} /> },
    { key: "at", head: "Registered", cell: (version) => <Time at={version.created_at} /> },
  ];
}

function Examples({ onChoose }: { onChoose: (filter: string) => void }) {
  return (
    <Card title="Find versions of all models">
      <Empty title="Write a filter, or begin with one of these">
        <ul className="search-examples">
          {EXAMPLES.map((filter) => (
            <li key={filter}>
              <button type="button" onClick={() => onChoose(filter)}>
                <code>{filter}</code>
              </button>
            </li>
          ))}
        </ul>
        <p>
          Conditions are joined by AND, OR and NOT. Texts stand in single quotes. The command line takes the same:{" "}
          <code>moorage search versions "metrics.auc &gt; 0.9"</code>
        </p>
      </Empty>
    </Card>
  );
}
