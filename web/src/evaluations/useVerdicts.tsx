import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { comparisonOf } from "../pages/compare/queries";
import { ProblemNotice } from "../ui/Notice";
import { type Verdict, verdictsOf } from "./verdict";

interface Verdicts {
  /** What the metrics of an evaluation show, by their names. */
  of: (evaluation: string) => Map<string, Verdict>;
  /** What went wrong, with a way to try again; nothing if nothing did. */
  problem: ReactNode;
}

/** What the evaluations of a version show beside another one; nothing if there is no other. */
export function useVerdicts(model: string, base: number | undefined, version: number): Verdicts {
  const refs = base === undefined ? [] : [String(base), String(version)];
  const { data, isError, error, refetch } = useQuery(comparisonOf(model, refs));
  return {
    of: (evaluation) => verdictsOf(data, evaluation),
    problem: isError && <ProblemNotice error={error} retry={() => void refetch()} />,
  };
}
