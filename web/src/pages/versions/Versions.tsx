import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Version } from "../../api/documents";
import { type SearchField, searchFields } from "../../api/searchFields";
import { Button } from "../../ui/Button";
import { ColumnDialog, type ColumnGroup } from "../../ui/ColumnDialog";
import { Empty } from "../../ui/Empty";
import { FilterBox, filterFault, Unread } from "../../ui/FilterBox";
import { ProblemNotice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { VirtualTable } from "../../ui/VirtualTable";
import { overviewOf } from "../model/queries";
import { NothingFound } from "../models/Nothing";
import { fieldsShown, fieldsText, namesIn, selection, toggled } from "./chosen";
import { columnsOf, FACTS } from "./columns";
import { GoTo } from "./GoTo";
import { leftOut, NEWEST_FIRST, orderText } from "./order";
import { versionsOf } from "./queries";
import { Selection } from "./Selection";
import "./Versions.css";

/** All versions of a model, searched and sorted by the server, each beside the champion. */
export function Versions() {
  const { model } = useParams({ strict: false }) as { model: string };
  const [{ q = "", sort = "", cols, v }, change] = useAddress();
  const navigate = useNavigate();
  const [choosing, setChoosing] = useState(false);
  const overview = useQuery(overviewOf(model));
  const glance = overview.data;
  const found = useInfiniteQuery(versionsOf(model, q, sort || NEWEST_FIRST));
  const names = useQuery({ ...searchFields({ of: "versions", model }), enabled: choosing }).data?.items;
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const fields = fieldsShown(cols, glance, rows);
  const selected = selection(v);
  const select = (version: Version) => change({ v: toggled(selected, version.number) }, true);
  const left = leftOut(sort);
  return (
    <Page title="Versions">
      <div className="versions-tools no-print">
        <FilterBox
          value={q}
          onChange={(filter) => change({ q: filter })}
          error={found.error}
          example="metrics.auc > 0.9 AND tags.team = 'risk'"
          searched={{ of: "versions", model }}
        />
        <Button onClick={() => setChoosing(true)}>Columns</Button>
        <GoTo model={model} />
      </div>
      {overview.isError && <ProblemNotice error={overview.error} retry={() => void overview.refetch()} />}
      <div className="card card-flush versions">
        {rows.length > 0 && (
          <Selection
            model={model}
            selected={selected}
            champion={glance?.champion?.number}
            onClear={() => change({ v: undefined }, true)}
          />
        )}
        {filterFault(found.error) === null ? (
          <VirtualTable
            caption={`Versions of ${model}`}
            columns={columnsOf({
              glance,
              fields,
              order: sort,
              onSort: (field, sorted) => change({ sort: orderText(field, sorted) }),
              select: (version) => (
                <label className="versions-select">
                  <input
                    type="checkbox"
                    aria-label={`Select version ${version.number}`}
                    checked={selected.includes(version.number)}
                    onChange={() => select(version)}
                  />
                </label>
              ),
            })}
            rows={rows}
            rowKey={(version) => version.number}
            pages={found}
            empty={<Nothing model={model} filter={q} left={left} onChange={change} />}
            onOpen={({ number }) =>
              void navigate({ to: "/models/$model/versions/$version", params: { model, version: String(number) } })
            }
            onSelect={select}
            selected={new Set(selected)}
          />
        ) : (
          <Unread what="versions" />
        )}
      </div>
      {left !== null && <p className="muted">{left}</p>}
      {choosing && (
        <ColumnDialog
          groups={groupsOf(rows, names ?? [])}
          shown={fields}
          onChange={(next) => change({ cols: fieldsText(next) }, true)}
          onUsual={() => change({ cols: undefined }, true)}
          onClose={() => setChoosing(false)}
          note="Metrics, parameters and tags are those of the newest versions, and of the versions in the table."
        />
      )}
    </Page>
  );
}

interface NothingProps {
  model: string;
  filter: string;
  /** What the order leaves out; null if nothing. */
  left: string | null;
  onChange: (changes: { q?: string; sort?: string }) => void;
}

function Nothing({ model, filter, left, onChange }: NothingProps) {
  if (left !== null) {
    return (
      <Empty title="Nothing found">
        <p>{left}</p>
        <Button onClick={() => onChange({ sort: "" })}>Show the newest first</Button>
      </Empty>
    );
  }
  if (filter !== "") {
    return <NothingFound filter={filter} onChange={(next) => onChange({ q: next })} />;
  }
  return (
    <Empty title="No versions yet">
      <p>
        Register the first with <code>moorage register {model} model/</code>.
      </p>
    </Empty>
  );
}

/** The columns that can be chosen. */
function groupsOf(rows: readonly Version[], fields: readonly SearchField[]): ColumnGroup[] {
  const names = namesIn(rows);
  const keyed = (name: keyof typeof names) => {
    const known = fields.find((field) => field.name === name)?.keys ?? [];
    return [...new Set([...names[name], ...known])].sort().map((key) => ({ field: { name, key }, name: key }));
  };
  return [
    { title: "Metrics", fields: keyed("metrics") },
    { title: "Parameters", fields: keyed("parameters") },
    { title: "Tags", fields: keyed("tags") },
    {
      title: "Facts",
      fields: Object.entries(FACTS).map(([name, { head }]) => ({ field: { name, key: null }, name: head })),
    },
  ];
}
