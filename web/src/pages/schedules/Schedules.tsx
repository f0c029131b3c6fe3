import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/useSession";
import { Mark } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { listSchedules, SCHEDULES, type Schedule } from "./queries";
import { FireDialog, SwitchDialog } from "./ScheduleActions";
import { ScheduleDialog } from "./ScheduleDialog";
import { jobInWords, modelsOf, outcomeInWords, whenInWords } from "./words";
import "./Schedules.css";

/** Every schedule: what the registry does by the clock, when it will, and how it went last. */
export function Schedules() {
  const list = usePaged([...SCHEDULES, "list"], listSchedules);
  const [{ schedule: shown }, change] = useAddress();
  const [asked, setAsked] = useState<{ what: "fire" | "switch"; schedule: Schedule } | null>(null);
  const close = () => setAsked(null);
  const mayManage = useMay()("manage");
  const actions: Column<Schedule> = {
    key: "act",
    head: <span className="visually-hidden">Actions</span>,
    cell: (schedule) => (
      <span className="schedule-acts">
        <Button onClick={() => setAsked({ what: "fire", schedule })}>
          Fire now<span className="visually-hidden"> {schedule.name}</span>
        </Button>
        <Button onClick={() => setAsked({ what: "switch", schedule })}>
          {schedule.enabled ? "Turn off" : "Turn on"}
          <span className="visually-hidden"> {schedule.name}</span>
        </Button>
      </span>
    ),
  };
  const columns: Column<Schedule>[] = [
    {
      key: "name",
      head: "Schedule",
      wide: true,
      cell: (schedule) => (
        <>
          <Link to="/schedules" search={{ schedule: schedule.name }} resetScroll={false}>
            {schedule.name}
          </Link>
          <div className="muted">
            {jobInWords(schedule)}, for {modelsOf(schedule)}
          </div>
        </>
      ),
    },
    { key: "when", head: "When", cell: ({ when }) => whenInWords(when) },
    { key: "next", head: "Next", cell: (schedule) => <Next schedule={schedule} /> },
    { key: "last", head: "Last", cell: (schedule) => <Last schedule={schedule} /> },
    ...(mayManage ? [actions] : []),
  ];
  return (
    <Page title="Schedules">
      <p className="text">
        What the registry does by the clock. Each firing is an event, which webhooks and triggers can ask for.
        {!mayManage && " Who has the action manage on all models may fire them, and turn them off and on."}
      </p>
      <div className="card card-flush">
        <PagedTable
          caption="Schedules"
          columns={columns}
          list={list}
          rowKey={({ name }) => name}
          empty={
            <Empty title="No schedules yet">
              <p>
                Create one with <code>moorage schedules create retrain-churn --cron "0 6 * * MON" --model churn</code>
              </p>
            </Empty>
          }
        />
      </div>
      {shown !== undefined && <ScheduleDialog schedule={shown} onClose={() => change({ schedule: undefined })} />}
      {asked?.what === "fire" && <FireDialog schedule={asked.schedule} onClose={close} />}
      {asked?.what === "switch" && <SwitchDialog schedule={asked.schedule} onClose={close} />}
    </Page>
  );
}

function Next({ schedule: { enabled, next_at } }: { schedule: Schedule }) {
  if (!enabled) {
    return <strong>off</strong>;
  }
  return next_at === null ? <span className="muted">never again</span> : <Time at={next_at} ago />;
}

function Last({ schedule: { fired_at, running, outcome } }: { schedule: Schedule }) {
  if (fired_at === null) {
    return <span className="muted">never</span>;
  }
  return (
    <>
      <Time at={fired_at} />
      <div>
        {running ? (
          <Mark state="waiting">running</Mark>
        ) : (
          outcome !== null && (
            <Mark state={outcome.failed === 0 && outcome.error === "" ? "met" : "unmet"}>
              {outcomeInWords(outcome)}
            </Mark>
          )
        )}
      </div>
    </>
  );
}
