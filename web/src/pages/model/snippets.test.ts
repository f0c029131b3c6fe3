// @vitest-environment jsdom
import { expect, it } from "vitest";
import { loadSnippets, reference } from "./snippets";

it("names versions and aliases in the one grammar of the SDK and the command line", () => {
  expect(reference("fraud", 3)).toBe("fraud/3");
  expect(reference("fraud", "champion")).toBe("fraud@champion");
  expect(reference("a@b", "champion")).toBe("a@b/@champion");
});

it("downloads and loads the version that serves, or by the alias it will get", () => {
  const python = (ref: string | number | null) =>
    loadSnippets("fraud", ref).find(({ tool }) => tool === "Python")?.text;
  expect(python(3)).toContain('client.download("fraud", 3, "model/")');
  expect(python(null)).toContain('client.load("fraud@champion")');
});
