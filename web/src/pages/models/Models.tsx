import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { Button } from "../../ui/Button";
import { ColumnDialog, type ColumnGroup } from "../../ui/ColumnDialog";
import { SelectField } from "../../ui/Field";
import { FilterBox, filterFault, Unread } from "../../ui/FilterBox";
import { Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { VirtualTable } from "../../ui/VirtualTable";
import { COLUMNS, columnsOf, fieldsShown, fieldsText } from "./columns";
import type { FoundModel } from "./holders";
import { NoModels, NothingFound } from "./Nothing";
import { Peek } from "./Peek";
import "./Models.css";

const PAGE = 100;
const ORDERS: Record<string, string> = {
  "": "Last changed first",
  name: "Name",
  "created_at DESC": "Newest first",
};
const LAST_CHANGED = "updated_at DESC";

/** All models that the caller may read, searched and sorted by the server. */
export function Models() {
  const [{ q = "", order = "", cols }, change] = useAddress();
  const navigate = useNavigate();
  const [choosing, setChoosing] = useState(false);
  const [peeked, setPeeked] = useState<FoundModel | null>(null);
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
              with: "holders",
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows: FoundModel[] = found.data?.pages.flatMap((page) => page.items) ?? [];
  const fields = fieldsShown(cols);
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
        <Button onClick={() => setChoosing(true)}>Columns</Button>
      </div>
      <div className="card card-flush">
        {filterFault(found.error) === null ? (
          <VirtualTable
            caption="Models"
            columns={columnsOf(fields, setPeeked)}
            rows={rows}
            rowKey={(model) => model.name}
            pages={found}
            empty={q === "" ? <NoModels /> : <NothingFound filter={q} onChange={(filter) => change({ q: filter })} />}
            onPeek={setPeeked}
            onOpen={(model) => void navigate({ to: "/models/$model", params: { model: model.name } })}
          />
        ) : (
          <Unread what="models" />
        )}
      </div>
      {choosing && (
        <ColumnDialog
          groups={groupsOf(rows)}
          shown={fields}
          onChange={(next) => change({ cols: fieldsText(next) }, true)}
          onUsual={() => change({ cols: undefined }, true)}
          onClose={() => setChoosing(false)}
        />
      )}
      {peeked !== null && <Peek model={peeked} onClose={() => setPeeked(null)} />}
    </Page>
  );
}

/** The columns that can be chosen; the tags are those of the models in the table. */
function groupsOf(rows: readonly FoundModel[]): ColumnGroup[] {
  const tags = [...new Set(rows.flatMap((model) => Object.keys(model.tags)))].sort();
  return [
    {
      title: "Facts",
      fields: Object.entries(COLUMNS).map(([name, { head }]) => ({ field: { name, key: null }, name: head })),
    },
    { title: "Tags", fields: tags.map((key) => ({ field: { name: "tags", key }, name: key })) },
  ];
}
