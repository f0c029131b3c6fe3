// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { ActionDialog } from "./ActionDialog";
import { toasts } from "./toasts";

afterEach(cleanup);

const REFUSED = new Problem({ status: 409, code: "version_locked", title: "Locked", detail: "It is locked." });

/** A dialog whose call ends as the test says; who uses it presses its button. */
function pressed() {
  let refuse: (error: unknown) => void = () => undefined;
  const answer = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  const { unmount } = render(
    <QueryClientProvider client={new QueryClient()}>
      <ActionDialog title="Move it" act={() => answer} said="It moved" refresh={[]} onClose={() => undefined} />
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Move it" }));
  return { unmount, refuse: (error: unknown) => act(async () => refuse(error)) };
}

it("says in its place why it was refused", async () => {
  const said = vi.spyOn(toasts, "add");
  const { refuse } = pressed();
  await refuse(REFUSED);
  expect((await screen.findByRole("alert")).textContent).toContain("It is locked.");
  expect(said).not.toHaveBeenCalled();
});

it("tells those who have left it that it was refused", async () => {
  const said = vi.spyOn(toasts, "add");
  const { unmount, refuse } = pressed();
  unmount();
  await refuse(REFUSED);
  await vi.waitFor(() => expect(said).toHaveBeenCalledOnce());
  expect(said.mock.calls[0]?.[0].title).toBe("Move it: It is locked.");
});

it("says nothing to those who called it off", async () => {
  const said = vi.spyOn(toasts, "add");
  const { unmount, refuse } = pressed();
  unmount();
  await refuse(new DOMException("", "AbortError"));
  expect(said).not.toHaveBeenCalled();
});
