import type { ReactNode } from "react";
import type { Version } from "../../api/documents";
import { Person } from "../../ui/Badges";
import { Copy } from "../../ui/Copy";
import "./Version.css";

interface Step {
  name: string;
  value: string | null;
  shown?: ReactNode;
  /** Whether somebody may want to type it elsewhere. */
  copied?: boolean;
}

/** From the data to the bytes, step by step. What nobody recorded is said too: a gap is a fact. */
export function Provenance({ version }: { version: Version }) {
  return (
    <ol className="provenance">
      {steps(version).map((step) => (
        <li key={step.name} className={step.value === null ? "provenance-gap" : undefined}>
          <span className="muted">{step.name}</span>
          {step.value === null ? (
            <span>not recorded</span>
          ) : (
            <span className="provenance-value">
              <span>{step.shown ?? step.value}</span>
              {step.copied !== false && <Copy text={step.value} what={step.name.toLowerCase()} />}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** The steps of a version's provenance, whose document is free in its parts. */
export function steps(version: Version): Step[] {
  const { run, datasets, source, author, artifact_source: artifacts } = version.provenance as Record<string, unknown>;
  const sets = Array.isArray(datasets) ? datasets : [];
  return [
    ...(sets.length === 0
      ? [{ name: "Dataset", value: null }]
      : sets.map((dataset, index) => ({
          name: sets.length === 1 ? "Dataset" : `Dataset ${index + 1}`,
          value: joined(dataset, ["name", "version", "digest", "uri"]),
        }))),
    { name: "Run", value: joined(run, ["system", "id", "uri"]) },
    { name: "Source", value: joined(source, ["repository", "commit"]) },
    artifacts === undefined
      ? { name: "Registered from", value: "its own files", copied: false }
      : { name: "Registered from", value: joined(artifacts, ["uri"]) },
    {
      name: "Author",
      value: typeof author === "string" ? author : version.created_by,
      shown: <Person name={typeof author === "string" ? author : version.created_by} />,
    },
    { name: "Digest", value: version.digest, shown: <code>{version.digest.slice(0, 20)}…</code> },
  ];
}

/** The named members of a document, those that are texts; null if there is none. */
function joined(document: unknown, names: string[]): string | null {
  if (typeof document === "string") {
    return document;
  }
  if (typeof document !== "object" || document === null) {
    return null;
  }
  const members = document as Record<string, unknown>;
  const texts = names.map((name) => members[name]).filter((value) => typeof value === "string" && value !== "");
  return texts.length === 0 ? null : texts.join(" · ");
}
