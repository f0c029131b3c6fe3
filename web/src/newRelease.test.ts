// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { loadNewRelease } from "./newRelease";

beforeEach(() => sessionStorage.clear());

const reachable = () => Promise.resolve(true);

test("a file that stays missing loads the page again once", async () => {
  const reload = vi.fn();
  await loadNewRelease("index-1.js", sessionStorage, reachable, reload);
  await loadNewRelease("index-1.js", sessionStorage, reachable, reload);
  expect(reload).toHaveBeenCalledTimes(1);
});

test("several files that are missing load the page again once", async () => {
  const reload = vi.fn();
  await Promise.all([1, 2, 3].map(() => loadNewRelease("index-1.js", sessionStorage, reachable, reload)));
  expect(reload).toHaveBeenCalledTimes(1);
});

test("each further deployment under an open page loads it again", async () => {
  const reload = vi.fn();
  await loadNewRelease("index-1.js", sessionStorage, reachable, reload);
  await loadNewRelease("index-2.js", sessionStorage, reachable, reload);
  expect(reload).toHaveBeenCalledTimes(2);
});

test("without a network the page stays, and a later deployment loads it again", async () => {
  const reload = vi.fn();
  await loadNewRelease("index-1.js", sessionStorage, () => Promise.resolve(false), reload);
  expect(reload).not.toHaveBeenCalled();
  await loadNewRelease("index-1.js", sessionStorage, reachable, reload);
  expect(reload).toHaveBeenCalledTimes(1);
});
