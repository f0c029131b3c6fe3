import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { metric as shown } from "../../format/number";
import { ModelLink, Person, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { SelectField, TextField } from "../../ui/Field";
import { FilterBox, filterFault, Unread } from "../../ui/FilterBox";
import { Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";
import "./Leaderboard.css";

type Ranked = Document<"RankedView">;

const PAGE = 50;

/** Models ranked by their best version in a metric. */
export function Leaderboard() {
  const [{ metric = "", direction = "max", q = "" }, change] = useAddress();
  const navigate = useNavigate();
  const lowest = direction === "min";
  const ranking = useInfiniteQuery({
    queryKey: ["leaderboard", metric, lowest, q],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/leaderboard", {
          params: {
            query: {
              metric,
              direction: lowest ? "min" : "max",
              filter: q,
              limit: PAGE,
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    enabled: metric !== "",
  });
  const rows = ranking.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={metric === "" ? "Leaderboard" : `Leaderboard by ${metric}`}>
      <MetricForm metric={metric} lowest={lowest} onChange={change} />
      {metric === "" ? (
        <div className="card">
          <Empty title="Which metric?">
            <p className="text">
              Each model appears once, with the version that is best in the metric. The command line prints the same:{" "}
              <code>moorage leaderboard auc</code>
            </p>
          </Empty>
        </div>
      ) : (
        <>
          <FilterBox
            value={q}
            onChange={(filter) => change({ q: filter })}
            error={ranking.error}
            example="tags.task = 'fraud' AND stage = 'production'"
          />
          <div className="card card-flush">
            {filterFault(ranking.error) !== null ? (
              <Unread what="models" />
            ) : (
              <VirtualTable
                caption={`Models by ${metric}`}
                columns={columns(metric, rows)}
                rows={rows}
                rowKey={(row) => `${row.model}/${row.number}`}
                pages={ranking}
                empty={
                  <Empty title="No model takes part">
                    <p>
                      No READY version that you may read has the metric <code>{metric}</code>
                      {q === "" ? "." : " and matches the filter."}
                    </p>
                  </Empty>
                }
                onOpen={({ model, number }) =>
                  void navigate({ to: "/models/$model/versions/$version", params: { model, version: String(number) } })
                }
              />
            )}
          </div>
        </>
      )}
    </Page>
  );
}

function columns(metric: string, rows: Ranked[]): Column<Ranked>[] {
  return [
    { key: "place", head: "Place", cell: (row) => rows.indexOf(row) + 1, align: "end" },
    { key: "model", head: "Model", cell: ({ model }) => <ModelLink model={model} /> },
    {
      key: "version",
      head: "Best version",
      cell: ({ model, number, label }) => <VersionLink model={model} version={number} label={label} />,
    },
    {
      key: "value",
      head: metric,
      cell: ({ value }) => <span title={String(value)}>{shown(value)}</span>,
      align: "end",
    },
    { key: "by", head: "Registered by", cell: (row) => <Person name={row.created_by} /> },
    { key: "at", head: "Registered", cell: (row) => <Time at={row.created_at} /> },
  ];
}

interface MetricFormProps {
  metric: string;
  lowest: boolean;
  onChange: (changes: Record<string, string | undefined>) => void;
}

function MetricForm({ metric, lowest, onChange }: MetricFormProps) {
  const [typed, setTyped] = useState(metric);
  useEffect(() => setTyped(metric), [metric]);
  function submit(event: FormEvent) {
    event.preventDefault();
    onChange({ metric: typed.trim() });
  }
  return (
    <form className="leaderboard-form no-print" onSubmit={submit}>
      <TextField
        label="Metric"
        value={typed}
        maxLength={250}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => setTyped(event.target.value)}
      />
      <SelectField
        label="Best is"
        value={lowest ? "min" : "max"}
        onChange={(event) => onChange({ direction: event.target.value === "min" ? "min" : undefined })}
      >
        <option value="max">highest</option>
        <option value="min">lowest</option>
      </SelectField>
      <Button type="submit" kind="primary">
        Rank
      </Button>
    </form>
  );
}
