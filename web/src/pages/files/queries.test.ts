import { expect, it, vi } from "vitest";
import { api } from "../../api/client";
import { addressOf } from "./queries";

type Listed = { path: string; url?: string; uri?: string };

function pages(...all: Listed[][]) {
  const answer = vi.spyOn(api, "GET");
  all.forEach((items, index) => {
    const next = index + 1 < all.length ? `page ${index + 2}` : null;
    answer.mockResolvedValueOnce({ data: { items, next_cursor: next }, response: new Response() } as never);
  });
  return answer;
}

it("reads on until it meets the file", async () => {
  const asked = pages([{ path: "a", url: "https://s3/a" }], [{ path: "b", uri: "s3://elsewhere/b" }]);
  expect(await addressOf("churn", "3", "b")).toBe("s3://elsewhere/b");
  expect(asked).toHaveBeenCalledTimes(2);
});

it("says that a file has no address, instead of nothing", async () => {
  pages([{ path: "a", url: "https://s3/a" }]);
  await expect(addressOf("churn", "3", "b")).rejects.toMatchObject({
    status: 404,
    message: expect.stringMatching("b"),
  });
});
