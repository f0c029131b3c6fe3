import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { many } from "../../format/words";
import { Loaded, Skeleton } from "../../ui/Loaded";
import { late } from "../../ui/late";
import { Card as Box } from "../../ui/Page";
import { type Card, cardOf } from "./queries";
import { heading, textsOf } from "./sections";

const TextDifference = late(() => import("../../ui/TextDifference").then((part) => part.default));

/** What changed between two revisions of a card, section by section. */
export function Difference({ model, from, to }: { model: string; from: number; to: Card }) {
  const query = useQuery(cardOf(model, from));
  return (
    <Loaded query={query} lines={8}>
      {(before) => <Sections before={before} after={to} />}
    </Loaded>
  );
}

function Sections({ before, after }: { before: Card; after: Card }) {
  const [old, now] = [shownTexts(before), shownTexts(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names.filter((name) => old[name] !== now[name]);
  return (
    <>
      <div className="spread">
        <p>
          From revision {before.revision} to {after.revision}. <ins>Added</ins> text is underlined, <del>removed</del>{" "}
          text is struck through.
        </p>
        <Link to="/models/$model/card" params={{ model: after.model }} search={{ rev: after.revision }}>
          Show revision {after.revision}
        </Link>
      </div>
      {changed.length === 0 && <p className="muted">Both say the same.</p>}
      {changed.map((name) => (
        <Box key={name} title={heading(name)}>
          <TextDifference waiting={<Skeleton />} before={old[name] ?? ""} after={now[name] ?? ""} />
        </Box>
      ))}
      {changed.length < names.length && (
        <p className="muted">{many(names.length - changed.length, "equal part")} left out.</p>
      )}
    </>
  );
}

/** All texts of a card, its fields among them as one text. */
function shownTexts(card: Card): Record<string, string> {
  const { introduction: _, ...fields } = card.fields;
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return { ...textsOf(card), ...(lines.length > 0 ? { Fields: lines.join("\n") } : {}) };
}
