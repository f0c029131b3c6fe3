/** Which way a metric gets better. */
export type Direction = "up" | "down";

/** Whether a difference is an improvement. Null: nobody said which way the metric gets better, or nothing changed. */
export type Verdict = "better" | "worse" | null;

const MINUS = "\u2212";
const SIGNIFICANT = 4;

/** A metric's value in four significant digits; very small and very large ones with an exponent. */
export function metric(value: number): string {
  if (value === 0 || Number.isInteger(value)) {
    return signed(
      Math.abs(value) < 1e9 ? value.toLocaleString("en-US") : trimmed(value.toExponential(SIGNIFICANT - 1)),
    );
  }
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) {
    return signed(trimmed(value.toExponential(SIGNIFICANT - 1)));
  }
  const text = size >= 10 ** SIGNIFICANT ? String(Math.round(value)) : value.toPrecision(SIGNIFICANT);
  return signed(grouped(trimmed(text)));
}

/** The difference between two values, with its sign: `+0.012`, `−3`, `±0`. */
export function difference(from: number, to: number): string {
  // Both come as decimals. Twelve digits drop what subtracting doubles adds: 0.3 - 0.2 is 0.1.
  const delta = Number((to - from).toPrecision(12));
  if (delta === 0) {
    return "±0";
  }
  return (delta > 0 ? "+" : "") + metric(Number(delta.toPrecision(3)));
}

export function verdict(from: number, to: number, direction: Direction | undefined): Verdict {
  if (direction === undefined || from === to) {
    return null;
  }
  return to > from === (direction === "up") ? "better" : "worse";
}

/** A share in percent: `12.5 %`. */
export function percent(share: number): string {
  return `${hundredths(share)} %`;
}

/** A range of shares in percent: `12.5 to 14 %`. */
export function percents(low: number, high: number): string {
  return `${hundredths(low)} to ${percent(high)}`;
}

function hundredths(share: number): string {
  return metric(Number((share * 100).toPrecision(3)));
}

/** A whole number with separators. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

const BYTE_UNITS = ["KiB", "MiB", "GiB", "TiB"];

/** A size in binary units; below one KiB in bytes. */
export function bytes(size: number): string {
  if (size < 1024) {
    return `${count(size)} B`;
  }
  let value = size / 1024;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${BYTE_UNITS[unit]}`;
}

function trimmed(text: string): string {
  const [mantissa = "", exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent === undefined ? short : `${short}e${exponent.replace("+", "")}`;
}

function grouped(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const shown = Math.abs(Number(whole)) >= 1000 ? Number(whole).toLocaleString("en-US") : whole;
  return fraction === undefined ? shown : `${shown}.${fraction}`;
}

function signed(text: string): string {
  return text.replace(/-/g, MINUS);
}
