import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Model } from "../../api/documents";
import { ModelLink, Person, Stage, VersionLink } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Card, Page } from "../../ui/Page";
import { useStars } from "../../ui/stars";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { NoModels } from "../models/Nothing";
import { changedModels } from "./queries";
import { Requests } from "./Requests";
import "./Home.css";

/** What waits for the reader, what they asked for, and what changed. */
export function Home() {
  const changed = useQuery(changedModels);
  const empty = changed.data?.items.length === 0 && changed.data.next_cursor === null;
  if (empty) {
    return (
      <Page title="Home">
        <Card title="Welcome">
          <NoModels />
        </Card>
      </Page>
    );
  }
  return (
    <Page title="Home">
      <div className="home-requests">
        <Requests whose="me" title="Waiting for me" none="Nothing waits for your vote." />
        <Requests whose="mine" title="My open requests" none="You have no open request." />
      </div>
      <Starred />
      <Card title="Recently changed models" flush actions={<Link to="/models">All models</Link>}>
        <Loaded query={changed} lines={8}>
          {({ items }) => (
            <div className="home-changed">
              <Changed models={items} />
            </div>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

function Starred() {
  const [stars] = useStars();
  if (stars.length === 0) {
    return null;
  }
  return (
    <Card title="Starred models">
      <ul className="home-stars">
        {stars.map((name) => (
          <li key={name} title={name}>
            <ModelLink model={name} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Changed({ models }: { models: readonly Model[] }) {
  return (
    <Table
      caption="Recently changed models"
      rows={models}
      rowKey={({ name }) => name}
      columns={[
        { key: "name", head: "Model", cell: ({ name }) => <ModelLink model={name} />, wide: true },
        { key: "stages", head: "Stages held", cell: (model) => <Holders model={model} /> },
        { key: "owner", head: "Owner", cell: ({ owner }) => (owner === "" ? "—" : <Person name={owner} />) },
        { key: "changed", head: "Changed", cell: ({ updated_at: at }) => <Time at={at} /> },
      ]}
    />
  );
}

function Holders({ model }: { model: Model }) {
  const held = Object.entries(model.stages);
  return held.length === 0 ? (
    "—"
  ) : (
    <ul className="home-holders">
      {held.map(([stage, { version }]) => (
        <li key={stage}>
          <Stage name={stage} /> <VersionLink model={model.name} version={version} />
        </li>
      ))}
    </ul>
  );
}
