import type { NextMove } from "../version/queries";

type GateResult = NextMove["gates"][number];

/** What a gate says of the licences, and the stages that it stands before. */
export interface Ruling {
  gate: GateResult;
  stages: string[];
}

/** The rulings of all next moves. A gate that several of them have is named once. */
export function rulingsOf(moves: readonly Pick<NextMove, "to_stage" | "gates">[]): Ruling[] {
  const rulings = new Map<string, Ruling>();
  for (const { to_stage: stage, gates } of moves) {
    for (const gate of gates.filter(({ kind }) => kind === "licenses")) {
      const key = JSON.stringify([gate.gate, gate.needed]);
      const known = rulings.get(key);
      rulings.set(key, { gate, stages: [...(known?.stages ?? []), stage] });
    }
  }
  return [...rulings.values()];
}
