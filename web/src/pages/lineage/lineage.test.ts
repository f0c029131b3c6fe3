import { expect, it } from "vitest";
import { layOut, MOST_IN_LAYER } from "./layout";
import { boxOf, graphOf, nameOf, sharedAt, sharedOf } from "./nodes";
import type { Edge, LineageNode, LineagePage } from "./queries";

const start: LineageNode = { id: "v3", kind: "version", hidden: false, model: "churn", version: 3 };
const loans: LineageNode = { id: "d1", kind: "dataset", hidden: false, name: "loans", digest: "2f1c0a9b8c7d6e5f" };
const secret: LineageNode = { id: "h1", kind: "version", hidden: true };

function edge(node: string, origin: string, type: Edge["type"] = "trained_on"): Edge {
  return { node, origin, type, source: "registered", relation: null, since: null };
}

function page(items: LineagePage["items"], edges: Edge[], truncated: string[] = []): LineagePage {
  return { start, items, edges, truncated, next_cursor: null };
}

const up = (node: LineageNode, depth: number) => ({ ...node, direction: "up" as const, depth });
const down = (node: LineageNode, depth: number) => ({ ...node, direction: "down" as const, depth });

it("names nodes by what they are, and tells nothing of one that is hidden", () => {
  expect(nameOf(start)).toBe("churn, version 3");
  expect(nameOf(loans)).toBe("loans, 2f1c0a9b8c7d…");
  expect(nameOf({ id: "p", kind: "place", hidden: false, model: "churn", target: "shop" })).toBe("churn on shop");
  expect(nameOf(secret)).toBe("hidden");
});

it("keeps a version's number in sight where there is little room", () => {
  expect(boxOf(start)).toEqual({ kind: "version 3", name: "churn" });
  expect(boxOf({ id: "p", kind: "place", hidden: false, model: "churn", target: "shop" })).toEqual({
    kind: "on shop",
    name: "churn",
  });
  expect(boxOf(secret)).toEqual({ kind: "version", name: "hidden" });
});

it("finds again by the address what has an address", () => {
  const shared = sharedOf(loans);
  expect(shared).toEqual({ kind: "dataset", name: "loans", digest: "2f1c0a9b8c7d6e5f" });
  expect(shared && sharedAt({ ...shared })).toEqual(shared);
  expect(sharedOf({ id: "c", kind: "commit", hidden: false, repository: "r", commit: "abc" })).toEqual({
    kind: "commit",
    name: "r",
    commit: "abc",
  });
  expect([start, secret, { ...loans, hidden: true }].map(sharedOf)).toEqual([null, null, null]);
  expect(sharedAt({ kind: "version", name: "churn" })).toBeNull();
  expect(sharedAt({})).toBeNull();
});

it("joins pages: what a later one shows again stays where it was first", () => {
  const { nodes, edges, truncated } = graphOf([
    page([up(loans, 1)], [edge("v3", "d1")]),
    page([up(loans, 2), down(secret, 1)], [edge("v3", "d1"), edge("h1", "v3", "based_on"), edge("v9", "v3")], ["v3"]),
  ]);
  expect(nodes.map(({ node, layer }) => [node.id, layer])).toEqual([
    ["v3", 0],
    ["d1", -1],
    ["h1", 1],
  ]);
  // The line to a node that no page has shown yet is left out.
  expect(edges).toHaveLength(2);
  expect([...truncated]).toEqual(["v3"]);
});

it("keeps what each source says of a link, and what one says once", () => {
  const registered = { ...edge("v3", "d1"), relation: "finetune" };
  const stated: Edge = { ...edge("v3", "d1"), source: "stated" };
  const evaluated: Edge = { ...edge("v3", "d1"), source: "evaluated" };
  const { edges } = graphOf([page([up(loans, 1)], [registered, stated, evaluated]), page([], [stated])]);
  expect(edges.map(({ source }) => source)).toEqual(["registered", "stated", "evaluated"]);
});

it("stands origins at the left, and what came of them at the right", () => {
  const { nodes, lines } = layOut(
    graphOf([page([up(loans, 1), down(secret, 1)], [edge("v3", "d1"), edge("h1", "v3")])]),
  );
  const x = new Map(nodes.map((placed) => [placed.node.id, placed.x]));
  expect((x.get("d1") ?? 0) < (x.get("v3") ?? 0)).toBe(true);
  expect((x.get("v3") ?? 0) < (x.get("h1") ?? 0)).toBe(true);
  expect(lines).toHaveLength(2);
});

it("stands an origin of two generations before the first, and ends where a circle begins", () => {
  const second = { ...start, id: "v2" };
  const first = { ...start, id: "v1" };
  const edges = [edge("v3", "v2", "based_on"), edge("v2", "v1", "based_on"), edge("v3", "d1"), edge("v1", "d1")];
  const circle = edge("d1", "v2", "used");
  for (const links of [edges, [...edges, circle]]) {
    const { nodes } = layOut(graphOf([page([up(second, 1), up(loans, 1), up(first, 2)], links)]));
    expect(new Map(nodes.map(({ node, layer }) => [node.id, layer]))).toEqual(
      new Map([
        ["v3", 0],
        ["v2", -1],
        ["v1", -2],
        ["d1", -3],
      ]),
    );
  }
});

it("draws a few of many, and says how many it leaves out", () => {
  const many = Array.from({ length: 50 }, (_, index) => up({ ...loans, id: `d${index}` }, 1));
  const { nodes, left, lines, height } = layOut(
    graphOf([
      page(
        many,
        many.map(({ id }) => edge("v3", id)),
      ),
    ]),
  );
  expect(nodes).toHaveLength(MOST_IN_LAYER + 1);
  expect(left).toBe(50 - MOST_IN_LAYER);
  expect(lines).toHaveLength(MOST_IN_LAYER);
  expect(nodes.every(({ y }) => y >= 0 && y <= height)).toBe(true);
});

it("lays out a version by itself", () => {
  expect(layOut(graphOf([page([], [])]))).toMatchObject({ nodes: [{ layer: 0 }], lines: [], left: 0 });
});
