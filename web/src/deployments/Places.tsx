import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "../api/useSession";
import { Mark, ModelLink, Person, VersionLink } from "../ui/Badges";
import { type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { standingOf } from "./places";
import type { Place } from "./queries";
import "./Places.css";

interface PlacesProps {
  caption: string;
  places: readonly Place[];
  /** What each row is about: the target of one model, or the model on one target. */
  by: "target" | "model";
  /** What can be done with each. */
  act?: (place: Place) => ReactNode;
  empty: ReactNode;
}

/** What is wanted in each place, what is served there, and when that was last said. */
export function Places({ caption, places, by, act, empty }: PlacesProps) {
  const columns: Column<Place>[] = [
    by === "target"
      ? { key: "target", head: "Target", cell: ({ target }) => <TargetLink target={target} /> }
      : { key: "model", head: "Model", cell: ({ model }) => <ModelLink model={model} /> },
    { key: "standing", head: "State", cell: (place) => <StandingMark place={place} /> },
    {
      key: "wanted",
      head: "Wanted",
      cell: ({ model, wanted }) => (wanted === null ? "—" : <VersionLink model={model} version={wanted.version} />),
    },
    { key: "serving", head: "Served", wide: true, cell: (place) => <Served place={place} /> },
    {
      key: "heartbeat",
      head: "Heartbeat",
      cell: ({ seen_at: at }) => (at === null ? <span className="muted">never</span> : <Time at={at} ago />),
    },
    {
      key: "last",
      head: "Deployment",
      cell: ({ model, last, active }) => {
        const shown = active ?? last;
        return shown === null ? "—" : <DeploymentLink model={model} number={shown} />;
      },
    },
    ...(act === undefined
      ? []
      : [{ key: "act", head: <span className="visually-hidden">Actions</span>, cell: act } satisfies Column<Place>]),
  ];
  return (
    <Table
      caption={caption}
      columns={columns}
      rows={places}
      rowKey={({ model, target }) => `${model} ${target}`}
      empty={empty}
    />
  );
}

function StandingMark({ place }: { place: Place }) {
  const { state, word } = standingOf(place);
  return <Mark state={state}>{word}</Mark>;
}

function Served({ place: { model, wanted, serving } }: { place: Place }) {
  if (serving === null) {
    return <span className="muted">nobody has said</span>;
  }
  const others = serving.version === wanted?.version && ![null, wanted.digest].includes(serving.digest);
  return (
    <>
      {serving.version === null ? "no version" : <VersionLink model={model} version={serving.version} />}
      {others && ", with other bytes"}
      <div className="muted places-since">
        since <Time at={serving.since} />, says <Person name={serving.by} />
      </div>
    </>
  );
}

/** A target by its name; a link for those who may open its page. */
export function TargetLink({ target }: { target: string }) {
  const may = useMay();
  return may("administer") ? (
    <Link to="/targets/$target" params={{ target }}>
      {target}
    </Link>
  ) : (
    target
  );
}

/** `deployment 3`, which opens its details on the model's page. */
export function DeploymentLink({ model, number }: { model: string; number: number }) {
  return (
    <Link to="/models/$model/deployments" params={{ model }} search={{ deployment: String(number) }}>
      deployment {number}
    </Link>
  );
}
