import { expect, it } from "vitest";
import { readAction } from "../../../../src/envs/webshop/action.ts";

it.each([
  ["\\boxed{search[Red Shoes]}", "search", "red shoes", "search[red shoes]"],
  ["so \\boxed{click[a]} or \\boxed{click[Buy Now]}", "click", "buy now", "click[buy now]"],
  ["\\boxed{click[s]}\nbye}", "click", "s", "click[s]"],
  ["\\boxed{click[{x}]}", "click", "{x}", "click[{x}]"],
  ["\\boxed{think}", "think", undefined, "think"],
  ["\\boxed{click[]}", "click[]", undefined, "click[]"],
  ["\\boxed{[x]}", "[x]", undefined, "[x]"],
  ["\\boxed{}", "", undefined, ""],
  ["click[x]", "", undefined, "None"],
  ["\\boxed{click[x]", "", undefined, "None"],
  ["}\\boxed{", "", undefined, "None"],
])("reads %j", (reply, name, argument, text) => {
  expect(readAction(reply)).toEqual({ name, argument, text });
});

it("reads long replies of nothing but boxes at once", () => {
  expect(readAction("\\boxed{".repeat(28_000)).text).toBe("None");
  expect(readAction("\\boxed{\n".repeat(28_000)).text).toBe("None");
  expect(readAction(`\\boxed{${"[".repeat(200_000)}}`).argument).toBeUndefined();
});
