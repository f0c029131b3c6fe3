import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { kindInWords, nameOf, sharedOf } from "./nodes";
import type { LineageNode } from "./queries";

interface NodeLinkProps {
  node: LineageNode;
  children?: ReactNode;
}

/** A node by its name, as a link to its own lineage. One that the reader may not see leads nowhere. */
export function NodeLink({ node, children = nameOf(node) }: NodeLinkProps) {
  const title = node.hidden
    ? "You may not read the model that this belongs to."
    : `${kindInWords(node)}: ${fullName(node)}`;
  if (!node.hidden && node.kind === "version" && node.model != null) {
    const params = { model: node.model, version: String(node.version) };
    return (
      <Link to="/models/$model/versions/$version/lineage" params={params} title={title}>
        {children}
      </Link>
    );
  }
  if (!node.hidden && node.kind === "place" && node.model != null) {
    return (
      <Link to="/models/$model/deployments" params={{ model: node.model }} title={title}>
        {children}
      </Link>
    );
  }
  const shared = sharedOf(node);
  return shared === null ? (
    <span title={title}>{children}</span>
  ) : (
    <Link to="/lineage" search={{ ...shared }} title={title}>
      {children}
    </Link>
  );
}

/** Everything that tells a node from others. */
function fullName(node: LineageNode): string {
  const { name, model, version, repository, commit, revision, digest, target } = node;
  return [model, name, repository, version, commit, revision, digest, target].filter((part) => part != null).join(" ");
}
