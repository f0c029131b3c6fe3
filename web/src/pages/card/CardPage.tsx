import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMay } from "../../api/useSession";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { Card as Box, Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { Time } from "../../ui/Time";
import { overviewOf } from "../model/queries";
import { Completeness } from "./Completeness";
import { Difference } from "./Difference";
import { Editor } from "./Editor";
import { CardFields } from "./Fields";
import { type Card, cardOf, revisionIn } from "./queries";
import { Revisions } from "./Revisions";
import { Sections } from "./Sections";
import { INTRODUCTION, SECTIONS } from "./sections";
import "./CardPage.css";

const ALL = "all";

/** A model's card: what the model is for and its limits, as it is or as it was, with an editor. */
export function CardPage() {
  const { model } = useParams({ strict: false }) as { model: string };
  const [{ rev, from, edit }, change] = useAddress();
  const revision = revisionIn(rev);
  const compared = revisionIn(from);
  const query = useQuery(cardOf(model, revision));
  const may = useMay();
  const refused = may("annotate", model) ? undefined : "It needs the action annotate.";
  const card = query.data;
  return (
    <Page
      title={revision === undefined ? "Model card" : `Model card, revision ${revision}`}
      beside={<Written card={card} />}
      actions={
        revision === undefined &&
        edit === undefined && (
          <Button aria-keyshortcuts="e" refused={refused} onClick={() => change({ edit: ALL })}>
            Edit the card
          </Button>
        )
      }
    >
      {revision !== undefined && (
        <Notice title={`This is revision ${revision}`}>
          <p>
            It may not be the newest.{" "}
            <Link to="/models/$model/card" params={{ model }}>
              Show the card as it is now
            </Link>
          </p>
        </Notice>
      )}
      <Loaded query={query} lines={12}>
        {(shown) => (
          <div className="page-columns">
            <div className="page-column">
              {compared !== undefined ? (
                <Difference model={model} from={compared} to={shown} />
              ) : edit !== undefined && refused === undefined ? (
                <Editor
                  key={edit}
                  card={shown}
                  names={edit === ALL ? [INTRODUCTION, ...SECTIONS] : [edit]}
                  onClose={() => change({ edit: undefined })}
                />
              ) : (
                <Content card={shown} refused={refused} old={revision !== undefined} />
              )}
            </div>
            <div className="page-column">
              {revision === undefined && <Needed model={model} />}
              <CardFields card={shown} refused={revision === undefined ? refused : "Only the newest can be edited."} />
              <Box title="Revisions">
                <Revisions model={model} shown={shown.revision} />
              </Box>
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Written({ card }: { card: Card | undefined }) {
  if (card === undefined || card.updated_at === null || card.updated_by === null) {
    return null;
  }
  return (
    <span className="muted">
      written <Time at={card.updated_at} /> by <Person name={card.updated_by} />
    </span>
  );
}

function Needed({ model }: { model: string }) {
  const query = useQuery(overviewOf(model));
  return (
    <Box title="Asked for by the scheme">
      <Loaded query={query}>{({ card }) => <Completeness sections={card.sections} />}</Loaded>
    </Box>
  );
}

function Content({ card, refused, old }: { card: Card; refused: string | undefined; old: boolean }) {
  const [, change] = useAddress();
  if (card.revision === 0) {
    return (
      <Box title="Nothing is written yet">
        <Empty title="A card says what the model is for, what it was made from, and what to beware of">
          <p className="text">
            Write it here, or bring a README.md in the form of Hugging Face:{" "}
            <code>moorage card import {card.model} README.md</code>
          </p>
          <Button kind="primary" refused={refused} onClick={() => change({ edit: ALL })}>
            Write the card
          </Button>
        </Empty>
      </Box>
    );
  }
  return <Sections card={card} {...(old || refused !== undefined ? {} : { onEdit: (edit) => change({ edit }) })} />;
}
