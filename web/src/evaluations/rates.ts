import type { Document } from "../api/documents";
import { type Interval, wilson } from "./interval";

export type Counts = Document<"ConfusionView">;

/** A rate of a group of the data: so many of so many. */
export interface Rate {
  name: string;
  successes: number;
  n: number;
}

/** The rates that fairness gates compare, by the names that they have there. */
export function ratesOf({ tp, fp, fn, tn }: Counts): Rate[] {
  return [
    { name: "Selection rate", successes: tp + fp, n: tp + fp + fn + tn },
    { name: "True positive rate", successes: tp, n: tp + fn },
    { name: "False positive rate", successes: fp, n: fp + tn },
    { name: "Precision", successes: tp, n: tp + fp },
    { name: "Accuracy", successes: tp + tn, n: tp + fp + fn + tn },
  ];
}

/** A rate's interval of 95 %; null where there is nothing to count. */
export function rateInterval({ successes, n }: Rate): Interval | null {
  return n === 0 ? null : wilson(successes, n);
}
