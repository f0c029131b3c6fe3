/**
 * Keeps the few operations of GitHub's OpenAPI description that tests use, with what they refer to:
 * `node extract.mjs DIRECTORY`, where npm has installed package.json. The package has 390 MB and is removed.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const OPERATIONS = [
  "/repos/{owner}/{repo}/dispatches",
  "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
  "/repos/{owner}/{repo}/deployments",
  "/app/installations/{installation_id}/access_tokens",
];
const directory = resolve(process.argv[2]);
const package_ = resolve(directory, "node_modules/@octokit/openapi");
const whole = JSON.parse(readFileSync(resolve(package_, "generated/api.github.com.json"), "utf8"));

const kept = { paths: {}, components: {} };
function keep(value) {
  if (Array.isArray(value)) {
    value.forEach(keep);
  } else if (value && typeof value === "object") {
    if (typeof value.$ref === "string") refer(value.$ref);
    Object.values(value).forEach(keep);
  }
}
function refer(reference) {
  const [, , group, name] = reference.split("/");
  kept.components[group] ??= {};
  if (name in kept.components[group]) return;
  kept.components[group][name] = whole.components[group][name];
  keep(whole.components[group][name]);
}
for (const path of OPERATIONS) {
  const { requestBody, responses, parameters } = whole.paths[path].post;
  kept.paths[path] = { post: { requestBody, responses, parameters } };
  keep(kept.paths[path]);
}
writeFileSync(resolve(directory, "github.json"), JSON.stringify(kept));
rmSync(package_, { recursive: true });
