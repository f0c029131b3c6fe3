import type { Edge, LineageNode, LineagePage, Shared, SharedKind } from "./queries";

const KINDS: Record<LineageNode["kind"], string> = {
  version: "version",
  dataset: "dataset",
  run: "run",
  job: "job",
  commit: "commit",
  base_model: "base model",
  image: "image",
  environment: "environment",
  place: "on a target",
};

/** What kind of thing a node is, in words. */
export function kindInWords({ kind }: Pick<LineageNode, "kind">): string {
  return KINDS[kind];
}

// As much of a digest or a commit as tells it from others on a page.
const SHORT = 12;

/** What a node is called: `churn, version 3`, `loans, sha256:2f1c…`. One that the reader may not see is hidden. */
export function nameOf(node: LineageNode): string {
  if (node.hidden) {
    return "hidden";
  }
  switch (node.kind) {
    case "version":
      return `${node.model}, version ${node.version}`;
    case "place":
      return [node.model, node.target].filter((part) => part != null).join(" on ");
    case "commit":
      return joined(node.repository, short(node.commit));
    case "dataset":
      return joined(node.name, node.version == null ? short(node.digest) : `version ${node.version}`);
    case "base_model":
      return joined(node.name, short(node.revision));
    case "environment":
      return short(node.digest) ?? "requirements";
    default:
      return node.name ?? "";
  }
}

/** What a box has room for: what kind of thing the node is, and its name. A version's number stands with its kind. */
export function boxOf(node: LineageNode): { kind: string; name: string } {
  const kind = kindInWords(node);
  if (node.hidden || node.model == null) {
    return { kind, name: nameOf(node) };
  }
  return { kind: node.kind === "version" ? `version ${node.version}` : `on ${node.target}`, name: node.model };
}

function joined(name: string | null | undefined, state: string | null): string {
  return [name, state].filter((part) => part != null && part !== "").join(", ");
}

function short(text: string | null | undefined): string | null {
  return text == null ? null : text.length > SHORT + 1 ? `${text.slice(0, SHORT)}…` : text;
}

/** How the address names a node that versions share; null for a version, a place, and what the reader may not see. */
export function sharedOf(node: LineageNode): Shared | null {
  const { kind, hidden } = node;
  if (hidden || kind === "version" || kind === "place") {
    return null;
  }
  const name = kind === "commit" ? node.repository : kind === "environment" ? node.digest : node.name;
  const state =
    kind === "commit"
      ? { commit: node.commit }
      : kind === "base_model"
        ? { revision: node.revision }
        : kind === "dataset"
          ? node.digest == null
            ? { version: node.version == null ? null : String(node.version) }
            : { digest: node.digest }
          : {};
  const known = Object.entries(state).filter(([, value]) => value != null);
  return { kind, name: name ?? "", ...Object.fromEntries(known) };
}

const SHARED: readonly SharedKind[] = ["dataset", "run", "job", "commit", "base_model", "image", "environment"];

/** The node that an address names; null if it names none. */
export function sharedAt(address: Record<string, string | undefined>): Shared | null {
  const kind = SHARED.find((known) => known === (address.kind ?? "dataset"));
  const { name, digest, version, commit, revision } = address;
  if (kind === undefined || name === undefined || name === "") {
    return null;
  }
  const state = Object.entries({ digest, version, commit, revision }).filter(([, value]) => value !== undefined);
  return { kind, name, ...Object.fromEntries(state) };
}

const LINKS: Record<Edge["type"], string> = {
  trained_on: "was trained on",
  made_by: "was made by",
  built_from: "was built from",
  based_on: "is based on",
  copy_of: "is a copy of",
  runs_in: "runs in",
  needs: "needs",
  evaluated_on: "was evaluated on",
  serves: "serves",
  used: "used",
  part_of: "is part of",
};

/** How a node comes from its origin, in words between the two. */
export function linkInWords({ type, relation }: Pick<Edge, "type" | "relation">): string {
  return relation === null ? LINKS[type] : `${LINKS[type]} (${relation})`;
}

const SOURCES: Record<Edge["source"], string> = {
  registered: "the version’s registration",
  evaluated: "an evaluation",
  served: "a deployment",
  stated: "a lineage event",
};

/** Who says that there is a link. */
export function sourceInWords({ source }: Pick<Edge, "source">): string {
  return SOURCES[source];
}

/** What tells a link from others: there is one of a type between two nodes from each who says so. */
export function linkKey({ node, origin, type, source }: Edge): string {
  return [node, origin, type, source].join(" ");
}

/** A node of a graph, and in which layer it stands: how many steps before the start, or after it. */
export interface Placed {
  node: LineageNode;
  layer: number;
}

export interface Graph {
  nodes: Placed[];
  edges: Edge[];
  /** The ids of nodes of which not all neighbours were followed. */
  truncated: ReadonlySet<string>;
}

/** The pages that were read so far as one graph. A later page may show a node again: it stays where it was first. */
export function graphOf(pages: readonly LineagePage[]): Graph {
  const nodes = new Map<string, Placed>();
  const edges = new Map<string, Edge>();
  const truncated = new Set<string>();
  for (const page of pages) {
    if (nodes.size === 0) {
      nodes.set(page.start.id, { node: page.start, layer: 0 });
    }
    for (const item of page.items) {
      if (!nodes.has(item.id)) {
        nodes.set(item.id, { node: item, layer: item.direction === "up" ? -item.depth : item.depth });
      }
    }
    for (const edge of page.edges) {
      edges.set(linkKey(edge), edge);
    }
    for (const id of page.truncated) {
      truncated.add(id);
    }
  }
  const known = [...edges.values()].filter(({ node, origin }) => nodes.has(node) && nodes.has(origin));
  return { nodes: [...nodes.values()], edges: known, truncated };
}
