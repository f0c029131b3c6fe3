import { expect, it } from "vitest";
import { compared } from "./Selection";

it.each([
  [[7, 3], undefined, [3, 7]],
  [[7, 3, 5], 5, [5, 3, 7]],
  [[7, 3], 5, [3, 7]],
  [[7], 5, [5, 7]],
  [[5], 5, [5]],
])("compares %j beside the champion %j in the order %j", (selected, champion, order) => {
  expect(compared(selected, champion)).toEqual(order);
});
