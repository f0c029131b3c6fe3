import { expect, it, vi } from "vitest";
import { Problem } from "./problem";
import { saved } from "./saved";

function refusing(code: string) {
  return vi.fn(() => Promise.reject(new Problem({ status: 412, code, title: "", detail: "its ETag is now 3" })));
}

it("makes nothing in place of what is there, and says that it is there", async () => {
  const save = refusing("precondition_failed");
  await expect(saved(undefined, "a role steward", save)).rejects.toMatchObject({
    code: "exists_already",
    message: expect.stringMatching("There is a role steward already"),
  });
  expect(save).toHaveBeenCalledWith('"0"');
});

it("changes only what was read, and says that somebody else changed it", async () => {
  const save = refusing("precondition_failed");
  await expect(saved('"2"', "a role steward", save)).rejects.toMatchObject({ code: "precondition_failed" });
  expect(save).toHaveBeenCalledWith('"2"');
});

it("leaves other problems as they are", async () => {
  await expect(saved(undefined, "a role", refusing("contention"))).rejects.toMatchObject({ code: "contention" });
});
