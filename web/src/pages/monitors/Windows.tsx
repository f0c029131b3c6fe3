import { Link } from "@tanstack/react-router";
import { count, metric } from "../../format/number";
import { many } from "../../format/words";
import type { Judged, JudgedWindow, Monitor, Window } from "../../monitors/queries";
import { Digest, Mark, Person } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import type { Paged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";

interface WindowsProps {
  monitor: Monitor;
  list: Paged<Window>;
  judged: Judged | undefined;
}

const LOOKS: Record<JudgedWindow["verdict"], { state: "met" | "unmet" | "waiting"; word: string }> = {
  ok: { state: "met", word: "ok" },
  breached: { state: "unmet", word: "breached" },
  insufficient: { state: "waiting", word: "too little data" },
};

/** The windows as their sources reported them, the newest first, each with what was found in it. */
export function Windows({ monitor: { model, name }, list, judged }: WindowsProps) {
  const verdicts = new Map(judged?.windows.map(({ start, verdict }) => [start, verdict]));
  const columns: Column<Window>[] = [
    {
      key: "start",
      head: "Window",
      cell: ({ start }) => (
        <Link
          to="/models/$model/monitors/$monitor"
          params={{ model, monitor: name }}
          search={(before) => ({ ...before, window: start })}
          resetScroll={false}
        >
          <Time at={start} />
        </Link>
      ),
    },
    {
      key: "verdict",
      head: "Found",
      cell: ({ start }) => {
        const verdict = verdicts.get(start);
        return verdict === undefined ? "—" : <Mark state={LOOKS[verdict].state}>{LOOKS[verdict].word}</Mark>;
      },
    },
    { key: "n", head: "n", align: "end", cell: ({ n }) => count(n) },
    {
      key: "counted",
      head: "Counted",
      wide: true,
      cell: ({ features, metrics }) =>
        [
          features.length === 0 ? "" : many(features.length, "feature"),
          ...Object.entries(metrics).map(([measured, { value }]) => `${measured} ${metric(value)}`),
        ]
          .filter((part) => part !== "")
          .join(", "),
    },
    { key: "source", head: "Source", cell: ({ source }) => source },
    { key: "by", head: "Reported by", cell: ({ received_by }) => <Person name={received_by} /> },
    {
      key: "digest",
      head: "Digest",
      cell: ({ digest, start }) => <Digest value={digest} what={`digest of ${start}`} />,
    },
  ];
  return (
    <Card title="Windows" flush>
      <PagedTable
        caption="Windows, the newest first"
        columns={columns}
        list={list}
        rowKey={({ start, source }) => `${start} ${source}`}
        empty={<Empty title="No window was reported yet" />}
      />
    </Card>
  );
}
