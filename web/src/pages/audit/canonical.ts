/**
 * The canonical form of JSON documents, which is what the registry hashes. docs/audit.md describes it.
 *
 * JavaScript reads every number as a double, and so forgets how it was written: `1.0` and `1` are different in the canonical
 * form, and integers may have any number of digits. So numbers are kept as the text that they came as.
 */

import { sha256 } from "../../format/digest";

/** A number as it was written. */
export class Literal {
  constructor(readonly source: string) {}
}

export type Json = null | boolean | string | Literal | Json[] | { [name: string]: Json };

type Reviver = (name: string, value: unknown, context?: { source?: string }) => unknown;

/** Reads JSON, with numbers as literals. Throws TypeError in a browser that does not tell how numbers were written. */
export function readJson(text: string): Json {
  const revive: Reviver = (_, value, context) => {
    if (typeof value !== "number") {
      return value;
    }
    if (context?.source === undefined) {
      throw new TypeError("This browser is too old to read numbers as they were written.");
    }
    return new Literal(context.source);
  };
  return JSON.parse(text, revive as (this: unknown, key: string, value: unknown) => unknown) as Json;
}

/** The canonical form of a document. */
export function canonical(value: Json): string {
  if (value === null || typeof value === "boolean") {
    return String(value);
  }
  if (typeof value === "string") {
    return quoted(value);
  }
  if (value instanceof Literal) {
    return canonicalNumber(value.source);
  }
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  const members = Object.entries(value).sort(([a], [b]) => byCodePoints(a, b));
  return `{${members.map(([name, member]) => `${quoted(name)}:${canonical(member)}`).join(",")}}`;
}

/** The SHA-256 of a text's UTF-8, in hexadecimal digits. */
export function sha256OfText(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}

/** An integer in full; another number as Python's `repr` writes the double. */
export function canonicalNumber(source: string): string {
  return /[.eE]/.test(source) ? asPython(Number(source)) : source;
}

// Python writes doubles from this size on, and below that one, with an exponent.
const LARGE = 16;
const SMALL = -4;

function asPython(value: number): string {
  if (value === 0) {
    return Object.is(value, -0) ? "-0.0" : "0.0";
  }
  // Both languages find the shortest digits that read back to the same double. Only how they are laid out differs.
  const [mantissa = "", power = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(power);
  const sign = value < 0 ? "-" : "";
  if (exponent >= LARGE || exponent < SMALL) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${rest}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) {
    return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  }
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function quoted(text: string): string {
  // JSON.stringify escapes as the canonical form does, but for halves of surrogate pairs, which no event holds.
  return JSON.stringify(text);
}

/** The order of two texts by their code points. JavaScript compares UTF-16 units, which differs beyond U+FFFF. */
function byCodePoints(a: string, b: string): number {
  const [first, second] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(first.length, second.length); at += 1) {
    const difference = (first[at]?.codePointAt(0) ?? 0) - (second[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return first.length - second.length;
}
