import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Person, Stage } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { ProblemNotice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { defaultScheme, listSchemes, type SavedScheme, SCHEMES } from "./queries";
import { readScheme } from "./scheme";
import "./Schemes.css";

/** Every scheme: the built-in ones and those that were saved. */
export function Schemes() {
  const list = usePaged([...SCHEMES, "list"], listSchemes);
  const standard = useQuery(defaultScheme);
  const columns: Column<SavedScheme>[] = [
    {
      key: "name",
      head: "Scheme",
      cell: ({ name }) => (
        <>
          <Link to="/schemes/$scheme" params={{ scheme: name }}>
            {name}
          </Link>
          {standard.data?.name === name && <span className="muted"> · for new models</span>}
        </>
      ),
    },
    { key: "version", head: "Version", cell: ({ version }) => version, align: "end" },
    {
      key: "stages",
      head: "Stages",
      cell: ({ document }) => (
        <span className="row">
          {readScheme(document).stages.map(({ name }) => (
            <Stage key={name} name={name} />
          ))}
        </span>
      ),
    },
    { key: "description", head: "Description", cell: ({ document }) => readScheme(document).description, wide: true },
    {
      key: "saved",
      head: "Saved",
      cell: ({ builtin, saved_at, saved_by }) =>
        builtin || saved_at === null || saved_by === null ? (
          "built in"
        ) : (
          <>
            <Time at={saved_at} /> by <Person name={saved_by} />
          </>
        ),
    },
  ];
  return (
    <Page title="Schemes">
      <p className="text">
        A scheme says which stages versions pass, and what each move needs. To make one, open a scheme and save a copy
        of it under another name.
      </p>
      {standard.isError && <ProblemNotice error={standard.error} retry={() => void standard.refetch()} />}
      <div className="card card-flush">
        <PagedTable
          caption="Schemes"
          columns={columns}
          list={list}
          rowKey={({ name }) => name}
          empty={
            <Empty title="No schemes">
              Save one with <code>moorage schemes save scheme.yaml</code>
            </Empty>
          }
        />
      </div>
    </Page>
  );
}
