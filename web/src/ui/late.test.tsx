// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { late } from "./late";

afterEach(cleanup);

function Part({ name }: { name: string; onClose?: () => void }) {
  return <p>Part {name}</p>;
}

/** Loads the part at the second try. */
function atTheSecondTry() {
  return vi.fn<() => Promise<typeof Part>>().mockRejectedValueOnce(new TypeError()).mockResolvedValue(Part);
}

it("says that it could not be loaded, and tries again when it is asked to", async () => {
  const Late = late(atTheSecondTry());
  render(<Late name="one" waiting="wait" />);
  expect(document.body.textContent).toBe("wait");
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Part one")).toBeTruthy();
});

it("says it in a dialog where it can be closed", async () => {
  const [Late, close] = [late(atTheSecondTry()), vi.fn()];
  render(<Late name="one" onClose={close} />);
  expect(await screen.findByRole("dialog")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(close).toHaveBeenCalledOnce();
});

it("is loaded once, and leaves what does without it in place", async () => {
  const load = atTheSecondTry();
  const Late = late(load);
  const { unmount } = render(<Late name="one" waiting="plain" needless />);
  await vi.waitFor(() => expect(load).toHaveBeenCalledOnce());
  expect(document.body.textContent).toBe("plain");
  unmount();
  render(<Late name="two" />);
  expect(await screen.findByText("Part two")).toBeTruthy();
  render(<Late name="three" />);
  expect(screen.getByText("Part three")).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(2);
});
