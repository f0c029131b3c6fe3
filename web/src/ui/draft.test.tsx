// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { useDraftOf } from "./draft";

beforeEach(() => sessionStorage.clear());

/** A form that opens when the thing is in `state`, as after a reload. */
function opened(state: string, present: string) {
  return renderHook(() => useDraftOf("scheme", state, present)).result;
}

it("keeps what was written, and the state that it was begun on", () => {
  const before = opened("1", "as it was");
  expect(before.current).toMatchObject({ value: "as it was", begun: "1" });
  act(() => before.current.write("mine"));
  // Meanwhile somebody else saved the next version.
  const after = opened("2", "theirs");
  expect(after.current).toMatchObject({ value: "mine", begun: "1" });
  act(() => after.current.write("mine, too"));
  expect(opened("2", "theirs").current).toMatchObject({ value: "mine, too", begun: "1" });
});

it("lets its author decide which of the two stays", () => {
  const before = opened("1", "as it was");
  act(() => before.current.write("mine"));
  const replacing = opened("2", "theirs");
  act(() => replacing.current.rebase());
  expect(replacing.current).toMatchObject({ value: "mine", begun: "2" });
  act(() => replacing.current.restart());
  expect(replacing.current).toMatchObject({ value: "theirs", begun: "2" });
  expect(opened("2", "theirs").current.value).toBe("theirs");
});

it("takes nothing for a draft that is none", () => {
  sessionStorage.setItem("moorage-draft scheme", '{"stages": []}');
  expect(opened("1", "as it was").current.value).toBe("as it was");
});
