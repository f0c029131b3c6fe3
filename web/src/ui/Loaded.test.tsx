// @vitest-environment jsdom
import type { UseQueryResult } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it } from "vitest";
import { Loaded } from "./Loaded";

afterEach(cleanup);

let made = 0;

/** Something that a reader may have opened. */
function Opened({ text }: { text: string }) {
  const [number] = useState(() => {
    made += 1;
    return made;
  });
  return <p>{`${text} ${number}`}</p>;
}

function Page({ data, before, keeps }: { data: string; before: boolean; keeps: boolean }) {
  const query = { data, isPlaceholderData: before, isError: false } as UseQueryResult<string>;
  return (
    <Loaded query={query} keeps={keeps}>
      {(text) => <Opened text={text} />}
    </Loaded>
  );
}

it("shows no answer to what was asked before", () => {
  render(<Page data="old" before keeps={false} />);
  expect(screen.queryByText(/old/)).toBeNull();
  expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
});

it("lets what was opened stay open while the next answer is on its way", () => {
  made = 0;
  const { rerender } = render(<Page data="old" before={false} keeps />);
  rerender(<Page data="old" before keeps />);
  expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
  expect(screen.getByText("old 1").parentElement?.className).toContain("loaded-before");
  rerender(<Page data="new" before={false} keeps />);
  expect(screen.getByText("new 1").parentElement?.className).toBe("loaded");
});
