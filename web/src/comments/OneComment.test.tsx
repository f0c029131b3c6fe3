// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { OneComment } from "./OneComment";
import type { Comment } from "./queries";

afterEach(cleanup);

const COMMENT = { id: "1", author: "token:ana", text: "Fine.", created_at: "2026-11-29T12:00:00Z" } as Comment;

it("reads nothing again because a comment is shown", () => {
  const client = new QueryClient();
  const again = vi.spyOn(client, "invalidateQueries");
  const forgotten = vi.spyOn(client, "removeQueries");
  render(
    <QueryClientProvider client={client}>
      <OneComment
        model="churn"
        comment={{ ...COMMENT, deleted_at: "2026-11-29T13:00:00Z", deleted_by: null }}
        answered={undefined}
        onAnswer={() => undefined}
      />
    </QueryClientProvider>,
  );
  expect(again).not.toHaveBeenCalled();
  expect(forgotten).not.toHaveBeenCalled();
});
