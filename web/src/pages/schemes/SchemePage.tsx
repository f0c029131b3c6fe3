import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/useSession";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { Notice, ProblemNotice } from "../../ui/Notice";
import { Card, Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { Time } from "../../ui/Time";
import { DefaultDialog } from "./DefaultDialog";
import { defaultScheme, type SavedScheme, schemeOf } from "./queries";
import { SchemeEditor } from "./SchemeEditor";
import { SchemeGraph } from "./SchemeGraph";
import { SchemeMoves, SchemeStages } from "./SchemeMoves";
import { SchemeVersions } from "./SchemeVersions";
import { Simulate } from "./Simulate";
import { evidenceInWords, scanningInWords } from "./safeguards";
import { readScheme, rollbackInWords } from "./scheme";
import "./Schemes.css";

/** One scheme: what its stages and moves are, what it was before, and what it would have meant for a model. */
export function SchemePage() {
  const { scheme: name } = useParams({ strict: false }) as { scheme: string };
  const [{ version: asked, edit }, change] = useAddress();
  const version = asked !== undefined && /^\d{1,6}$/.test(asked) ? Number(asked) : undefined;
  const query = useQuery(schemeOf(name, version));
  const standard = useQuery(defaultScheme);
  const [choosing, setChoosing] = useState(false);
  const may = useMay();
  const refused = may("manage_schemes") ? undefined : "It needs the action manage_schemes on all models.";
  const saved = query.data;
  return (
    <Page
      title={name}
      above={<Link to="/schemes">Schemes</Link>}
      beside={saved !== undefined && <About saved={saved} />}
      actions={
        saved !== undefined &&
        edit === undefined && (
          <>
            {standard.data !== undefined && standard.data.name !== name && (
              <Button refused={refused} onClick={() => setChoosing(true)}>
                Use for new models
              </Button>
            )}
            <Button
              aria-keyshortcuts="e"
              refused={version === undefined ? undefined : "Only the newest version can be edited."}
              onClick={() => change({ edit: "1" })}
            >
              {saved.builtin ? "Save a copy" : "Edit"}
            </Button>
          </>
        )
      }
    >
      {standard.isError && <ProblemNotice error={standard.error} retry={() => void standard.refetch()} />}
      {standard.data?.name === name && (
        <Notice title="New models follow this scheme">
          <p>Models that exist keep theirs until somebody assigns another one.</p>
        </Notice>
      )}
      <Loaded query={query} lines={12}>
        {(shown) =>
          edit !== undefined && version === undefined ? (
            <SchemeEditor
              key={shown.name}
              saved={shown}
              refused={refused}
              onClose={() => change({ edit: undefined })}
            />
          ) : (
            <Content saved={shown} />
          )
        }
      </Loaded>
      {choosing && <DefaultDialog scheme={name} onClose={() => setChoosing(false)} />}
    </Page>
  );
}

function About({ saved: { version, builtin, saved_at, saved_by } }: { saved: SavedScheme }) {
  return (
    <span className="muted">
      version {version},{" "}
      {builtin || saved_at === null || saved_by === null ? (
        "built in"
      ) : (
        <>
          saved <Time at={saved_at} /> by <Person name={saved_by} />
        </>
      )}
    </span>
  );
}

function Content({ saved }: { saved: SavedScheme }) {
  const scheme = readScheme(saved.document);
  return (
    <>
      <Card title="Stages and moves">
        {scheme.description !== "" && <p className="text">{scheme.description}</p>}
        <SchemeGraph scheme={scheme} />
        <p className="text">{rollbackInWords(scheme)}</p>
      </Card>
      <Card title="Moves" flush>
        <SchemeMoves scheme={scheme} />
      </Card>
      <Card title="Stages" flush>
        <SchemeStages scheme={scheme} />
      </Card>
      <Card title="Quarantine and evidence">
        <p className="text">{scanningInWords(scheme)}</p>
        {scheme.evidence.length > 0 && (
          <ul className="scheme-needs">
            {scheme.evidence.map((rule) => (
              <li key={evidenceInWords(rule)} className="text">
                {evidenceInWords(rule)}
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title="Versions">
        <SchemeVersions saved={saved} />
      </Card>
      <Card title="Try it on a model's past">
        <Simulate document={saved.document} />
      </Card>
    </>
  );
}
