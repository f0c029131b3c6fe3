// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { loadNewRelease } from "./newRelease";

beforeEach(() => sessionStorage.clear());

test("a file that stays missing loads the page again once", () => {
  const reload = vi.fn();
  loadNewRelease("index-1.js", sessionStorage, reload);
  loadNewRelease("index-1.js", sessionStorage, reload);
  expect(reload).toHaveBeenCalledTimes(1);
});

test("each further deployment under an open page loads it again", () => {
  const reload = vi.fn();
  loadNewRelease("index-1.js", sessionStorage, reload);
  loadNewRelease("index-2.js", sessionStorage, reload);
  expect(reload).toHaveBeenCalledTimes(2);
});
