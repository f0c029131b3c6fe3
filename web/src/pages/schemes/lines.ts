import { evidenceInWords, scanningInWords } from "./safeguards";
import {
  approvalsInWords,
  gateInWords,
  modelsInWords,
  rollbackInWords,
  type Scheme,
  type SchemeStage,
  wayInWords,
} from "./scheme";

/** A scheme as lines of text, which can be compared with another version's. */
export function schemeInLines(scheme: Scheme): string {
  return [
    scheme.description,
    `New versions start in ${scheme.initial}; displaced ones go to ${scheme.archive}.`,
    "",
    ...scheme.stages.map((stage) => `Stage ${stage.name}${traits(stage)}`),
    "",
    ...scheme.moves.flatMap((move) => [
      `${move.from} → ${move.to}: ${wayInWords(move, scheme)}`,
      ...move.gates.map((gate) => `    gate ${gate.name}: ${gateInWords(gate)}${modelsInWords(gate)}`),
      ...move.approvals.map((approvals) => `    approval: ${approvalsInWords(approvals)}`),
    ]),
    "",
    rollbackInWords(scheme),
    scanningInWords(scheme),
    ...scheme.evidence.map(evidenceInWords),
  ].join("\n");
}

function traits(stage: SchemeStage): string {
  const words = [
    stage.exclusive ? "one version at a time" : "",
    stage.protected ? "protected" : "",
    stage.terminal ? "final" : "",
    stage.quarantined ? "open to versions in quarantine" : "",
    ...stage.aliases.map((alias) => `sets @${alias}`),
    stage.description,
  ].filter((word) => word !== "");
  return words.length === 0 ? "" : `: ${words.join(", ")}`;
}
