import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { shortName } from "../format/words";
import { Copy } from "./Copy";
import "./Badges.css";

/** What a stage's badge needs to know of it. */
export interface StageLook {
  /** Where the stage stands in its scheme: the first, a stage that versions serve from, one in between, or the last. */
  kind: "first" | "middle" | "serving" | "last";
  protected?: boolean;
  exclusive?: boolean;
}

/** A stage by its name: a dot and the word, coloured by the place that the stage has in its scheme. */
export function Stage({ name, look }: { name: string; look?: StageLook | undefined }) {
  const kind = look?.kind ?? usualKind(name);
  return (
    <span className={`stage stage-${kind}`}>
      <span className={look?.exclusive ? "stage-dot stage-dot-ring" : "stage-dot"} aria-hidden="true" />
      {name}
      {look?.protected && <Lock aria-label="protected" />}
    </span>
  );
}

/** The look of the stages of the built-in schemes, for pages that know only a stage's name. */
function usualKind(name: string): StageLook["kind"] {
  const usual: Record<string, StageLook["kind"]> = {
    development: "first",
    none: "first",
    production: "serving",
    archived: "last",
    retired: "last",
  };
  return usual[name.toLowerCase()] ?? "middle";
}

/** An alias as it is typed: `@champion`. */
export function Alias({ name, locked = false }: { name: string; locked?: boolean }) {
  return (
    <span className="alias">
      <span>
        @<bdi>{name}</bdi>
      </span>
      {locked && <Lock aria-label="protected" />}
    </span>
  );
}

/** A pointer as the API names it: `alias:champion` or `stage:production`. */
export function Pointer({ name }: { name: string }) {
  const [kind, ...rest] = name.split(":");
  const what = rest.join(":");
  return kind === "alias" ? <Alias name={what} /> : kind === "stage" ? <Stage name={what} /> : name;
}

export function Tag({ name, value }: { name: string; value: string }) {
  return (
    <span className="tag" title={`${name}: ${value}`}>
      <span className="muted">{name}</span>
      {value !== "" && <span>{value}</span>}
    </span>
  );
}

/** Whether something is met, in words and by a sign. */
export function Mark({ state, children }: { state: "met" | "unmet" | "waiting"; children?: string }) {
  const signs = { met: ["✓", "met"], unmet: ["✕", "not met"], waiting: ["○", "waiting"] } as const;
  const [sign, word] = signs[state];
  return (
    <span className={`mark mark-${state}`}>
      <span aria-hidden="true">{sign}</span> {children ?? <span className="visually-hidden">{word}</span>}
    </span>
  );
}

/** A person or program, by the name that people use. The title has the whole. */
export function Person({ name }: { name: string }) {
  return (
    <span className="person" title={name}>
      {shortName(name)}
    </span>
  );
}

/** The first characters of a digest, with a button that copies the whole. */
export function Digest({ value, what = "digest" }: { value: string; what?: string }) {
  return (
    <span className="digest">
      <code title={value}>{value.slice(0, 12)}</code>
      <Copy text={value} what={what} />
    </span>
  );
}

export function ModelLink({ model }: { model: string }) {
  return (
    <Link to="/models/$model" params={{ model }}>
      {model}
    </Link>
  );
}

export function VersionLink({ model, version, label }: { model: string; version: number; label?: string | null }) {
  return (
    <Link to="/models/$model/versions/$version" params={{ model, version: String(version) }} className="version-link">
      version {version}
      {label && <span className="muted"> · {label}</span>}
    </Link>
  );
}
