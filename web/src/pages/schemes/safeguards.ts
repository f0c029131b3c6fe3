import { listed } from "../../format/words";
import { type EvidenceRule, either, type Scheme, tiersInWords } from "./scheme";

/** What lets a version out of quarantine. */
export function scanningInWords({ scanning: { allow, suffixes } }: Scheme): string {
  const ends = suffixes !== null && allow.includes("unscanned") ? `; ${endingsInWords(suffixes)}` : "";
  return `A version leaves quarantine if each of its files is ${either(allow)}${ends}. Only a release lets an unsafe one out.`;
}

function endingsInWords(suffixes: readonly string[]): string {
  const named = suffixes.filter((suffix) => suffix !== "");
  const may = [
    named.length === 0 ? "" : `end in ${either(named)}`,
    suffixes.includes("") ? "have no ending" : "",
  ].filter((part) => part !== "");
  return may.length === 0 ? "no file may be unscanned" : `the names of unscanned files must ${may.join(" or ")}`;
}

/** Whose reports count, of what. */
export function evidenceInWords({ checks, evaluations, independent, reporters, tiers }: EvidenceRule): string {
  const of = [
    checks.length === 0 ? "" : `the checks ${listed(checks)}`,
    evaluations.length === 0 ? "" : `the evaluations ${listed(evaluations)}`,
  ].filter((part) => part !== "");
  const who = reporters.map(({ principals, roles, claims }) =>
    listed(
      [
        principals.length === 0 ? "" : `whose name is like ${either(principals)}`,
        roles.length === 0 ? "" : `with the role ${either(roles)}`,
        ...Object.entries(claims).map(([claim, values]) => `whose claim ${claim} is like ${either(values)}`),
      ].filter((part) => part !== ""),
    ),
  );
  const somebody = who.length === 0 ? "everybody who may report" : `those ${who.join(", or those ")}`;
  const apart = independent ? ", but nobody who registered the version or made its bytes" : "";
  return `Of ${listed(of)}, reports count of ${somebody}${apart}${tiersInWords(tiers)}.`;
}
