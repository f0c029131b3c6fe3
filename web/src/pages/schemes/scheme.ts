import { listed, many } from "../../format/words";

/** A gate as a scheme's document has it. Gates of a newer registry have other members. */
export interface Gate {
  name: string;
  kind: string;
  description?: string;
  tiers?: string[];
  classifications?: string[];
  [member: string]: unknown;
}

export interface Approvals {
  count: number;
  roles?: string[];
  groups?: string[];
  tiers?: string[];
}

/** A move from one stage to another. A transition of the document with several stages in `from` is several moves. */
export interface Move {
  from: string;
  to: string;
  automatic: boolean;
  manual: boolean;
  gates: Gate[];
  approvals: Approvals[];
}

export interface SchemeStage {
  name: string;
  description: string;
  exclusive: boolean;
  protected: boolean;
  terminal: boolean;
  /** Whether versions in quarantine may enter. They always may enter the initial stage and the archive. */
  quarantined: boolean;
  aliases: string[];
}

/** Whose reports count of the checks and evaluations that the rule names. */
export interface EvidenceRule {
  checks: string[];
  evaluations: string[];
  independent: boolean;
  tiers: string[];
  reporters: { principals: string[]; roles: string[]; claims: Record<string, string[]> }[];
}

/** Which verdicts of a scan let a version out of quarantine. */
export interface ScanRule {
  allow: string[];
  /** How names of unscanned files must end; null: as they like. */
  suffixes: string[] | null;
}

export interface Scheme {
  description: string;
  initial: string;
  archive: string;
  stages: SchemeStage[];
  moves: Move[];
  rollback: { allowed: boolean; reasonRequired: boolean; gates: Gate[] };
  scanning: ScanRule;
  evidence: EvidenceRule[];
}

type Fields = Record<string, unknown>;

/** Reads a scheme's document. What it leaves out has the value that the registry takes for it. */
export function readScheme(document: Fields): Scheme {
  const rollback = fields(document.rollback);
  const scanning = fields(document.scanning);
  const [initial, archive] = [text(document.initial), text(document.archive)];
  return {
    description: text(document.description),
    initial,
    archive,
    stages: list(document.stages).map((stage) => ({
      name: text(stage.name),
      description: text(stage.description),
      exclusive: stage.exclusive === true,
      protected: stage.protected === true,
      terminal: stage.terminal === true,
      quarantined: stage.quarantined === true || [initial, archive].includes(text(stage.name)),
      aliases: texts(fields(stage.on_enter).aliases),
    })),
    moves: list(document.transitions).flatMap((transition) =>
      (Array.isArray(transition.from) ? texts(transition.from) : [text(transition.from)]).map((from) => ({
        from,
        to: text(transition.to),
        automatic: transition.automatic === true,
        manual: transition.execution === "manual",
        gates: list(transition.gates) as Gate[],
        approvals: list(transition.approvals) as unknown as Approvals[],
      })),
    ),
    rollback: {
      allowed: rollback.allowed !== false,
      reasonRequired: rollback.reason_required === true,
      gates: list(rollback.gates) as Gate[],
    },
    scanning: {
      allow: Array.isArray(scanning.allow) ? texts(scanning.allow) : ["clean", "unscanned"],
      suffixes: Array.isArray(scanning.unscanned_suffixes) ? texts(scanning.unscanned_suffixes) : null,
    },
    evidence: list(document.evidence).map((rule) => ({
      checks: texts(rule.checks),
      evaluations: texts(rule.evaluations),
      independent: rule.independent === true,
      tiers: texts(rule.tiers),
      reporters: list(rule.reporters).map((terms) => ({
        principals: texts(terms.principals),
        roles: texts(terms.roles),
        claims: Object.fromEntries(Object.entries(fields(terms.claims)).map(([name, values]) => [name, texts(values)])),
      })),
    })),
  };
}

/** What a gate asks for, in words. */
export function gateInWords(gate: Gate): string {
  const { metric, at_least: least, at_most: most } = gate;
  switch (gate.kind) {
    case "metric":
      return `${String(metric)} is ${bounds(least, most)}`;
    case "compare": {
      const by = gate.by === undefined || gate.by === 0 ? "" : ` by at least ${String(gate.by)}`;
      return `${String(metric)} is ${way(gate)} than that of ${rival(gate)}${by}${absent(gate)}`;
    }
    case "better": {
      const by = gate.by === undefined || gate.by === 0 ? "" : ` by more than ${String(gate.by)}`;
      const bar =
        gate.margin === undefined
          ? `${way(gate)} than that of ${rival(gate)}${by}`
          : `not worse than that of ${rival(gate)} by ${String(gate.margin)}`;
      return `${String(metric)} of the evaluation ${String(gate.evaluation)} is ${bar}, beyond chance and on the same data${absent(gate)}`;
    }
    case "fairness": {
      const across = texts(gate.across);
      const gap = gate.max_gap === undefined ? "" : `a gap of at most ${String(gate.max_gap)}`;
      const ratio = gate.min_ratio === undefined ? "" : `a ratio of at least ${String(gate.min_ratio)}`;
      const limits = listed([gap, ratio].filter((part) => part !== ""));
      const groups = across.length === 0 ? "" : ` by ${listed(across)}`;
      return `${String(gate.rate).replaceAll("_", " ")} is alike in all groups${groups} of the evaluation ${String(gate.evaluation)}: ${limits}`;
    }
    case "licenses": {
      const absent = gate.if_absent === "pass" ? "" : ", and each of them is known";
      const allowed = texts(gate.allow).length === 0 ? "" : ` among ${listed(texts(gate.allow))}`;
      const denied = texts(gate.deny).length === 0 ? "" : `, none of ${listed(texts(gate.deny))}`;
      const reviewed =
        gate.check === undefined ? "" : `; what is for review is allowed by the check ${String(gate.check)}`;
      return `the licences of the model and of what it was made from are allowed${allowed}${denied}${absent}${reviewed}`;
    }
    case "formats": {
      const allowed = texts(gate.allow).length === 0 ? "" : ` have one of the formats ${listed(texts(gate.allow))}`;
      const denied = texts(gate.deny).length === 0 ? "" : ` have none of the formats ${listed(texts(gate.deny))}`;
      return `the files${[allowed, denied].filter((part) => part !== "").join(" and")}`;
    }
    case "fresh": {
      const what =
        typeof gate.check === "string"
          ? `the check ${gate.check} was reported`
          : `the evaluation ${String(gate.evaluation)} was measured`;
      return `${what}${typeof gate.dataset === "string" ? ` on ${gate.dataset}` : ""}${age(gate)}`;
    }
    case "signature": {
      const who = [...(gate.registry === true ? ["the registry"] : []), ...texts(gate.signers)];
      return `the files are signed by ${who.join(" or ")}`;
    }
    case "check":
      return `the check ${String(gate.check)} passed${age(gate)}${reportedBy(gate)}${opening(gate)}`;
    case "scan": {
      const verdicts = texts(gate.verdicts);
      const found =
        verdicts.length === 0 ? "found what the scheme lets out of quarantine" : `found them ${either(verdicts)}`;
      return `the registry’s scan of the files ${found}${age(gate)}${reportedBy(gate)}${opening(gate)}`;
    }
    case "monitor": {
      const since = typeof gate.for_hours === "number" ? `, for ${many(gate.for_hours, "hour")} at least` : "";
      return `the monitor ${String(gate.monitor)} finds the version well${since}`;
    }
    case "documentation": {
      const least = typeof gate.min_characters === "number" ? gate.min_characters : 1;
      const sections = listed(texts(gate.sections).map((section) => section.replaceAll("_", " ")));
      const whose = gate.independent === true ? ", in the words of somebody who did not register the version" : "";
      return `the card says at least ${many(least, "character")} on ${sections}${whose}`;
    }
    case "provenance":
      return `the version names its ${listed(texts(gate.fields))}`;
    case "attestation": {
      const type =
        typeof gate.predicate_type === "string" ? `a statement of the type ${gate.predicate_type}` : "SLSA provenance";
      const parts = [
        ["built by", gate.builders],
        ["from", gate.repositories],
      ] as const;
      const wishes = parts.flatMap(([word, names]) =>
        texts(names).length === 0 ? [] : [`${word} ${either(texts(names))}`],
      );
      const whole = gate.whole === false ? "some of the files have" : "the version has";
      const signer = texts(gate.signers).length === 0 ? "a trusted signer" : either(texts(gate.signers));
      return [`${whole} ${type} that ${signer} signed`, ...wishes].join(", ");
    }
    case "evaluation": {
      const limit = typeof metric === "string" ? `, and its ${metric} is ${bounds(least, most)}` : "";
      return `the evaluation ${String(gate.evaluation)} was recorded${age(gate)}${reportedBy(gate)}${limit}`;
    }
    case "vulnerabilities": {
      const days =
        typeof gate.max_age_days === "number" ? `, by advisories of the last ${many(gate.max_age_days, "day")}` : "";
      const pinned = gate.unpinned === "fail" ? ", and every requirement is pinned" : "";
      const unknown = gate.if_no_data === "pass" ? "; without advisories, every version passes" : "";
      return `no vulnerability is worse than ${String(gate.max_severity)}, unless a statement lifts it${days}${pinned}${unknown}`;
    }
    case "condition":
      return String(gate.expression);
    default:
      return `a gate of the kind ${gate.kind}, which this page does not know`;
  }
}

/** Who must approve: `2 people with the role reviewer or admin`. */
export function approvalsInWords({ count, roles = [], groups = [], tiers }: Approvals): string {
  const who = [
    roles.length === 0 ? "" : `with the role ${either(roles)}`,
    groups.length === 0 ? "" : `in the group ${either(groups)}`,
  ].filter((part) => part !== "");
  const people = count === 1 ? "1 person" : `${count} people`;
  return `${people} ${who.length === 0 ? "who may approve" : who.join(" or ")}${tiersInWords(tiers)}`;
}

/** Which models a gate is for, by their risk and by the classification of their data. */
export function modelsInWords({ tiers, classifications = [] }: Gate): string {
  const words = classifications.map((word) => word.replace("_", " "));
  return `${tiersInWords(tiers)}${words.length === 0 ? "" : `, for models whose data is ${either(words)}`}`;
}

/** For which models an approval counts; nothing if for all. */
export function tiersInWords(tiers: string[] | undefined): string {
  return tiers === undefined || tiers.length === 0 ? "" : `, for models of ${either(tiers)} risk`;
}

/** How a move is made. */
export function wayInWords(move: Move, scheme: Scheme): string {
  if (move.automatic) {
    return "The registry makes it by itself.";
  }
  if (move.approvals.length > 0) {
    return move.manual
      ? "By request; a person executes it when it is approved."
      : "By request; the registry executes it when it is approved and every gate holds.";
  }
  return scheme.stages.find(({ name }) => name === move.to)?.protected
    ? "The stage is protected: only by request."
    : "By a person, at once.";
}

/** Whether versions can be taken back, and on which terms. */
export function rollbackInWords({ rollback }: Scheme): string {
  if (!rollback.allowed) {
    return "Roll-backs are not allowed.";
  }
  const gates = rollback.gates.map((gate) => `${gate.name} (${gateInWords(gate)})`);
  return `Roll-backs are allowed${rollback.reasonRequired ? ", with a reason" : ""}${gates.length === 0 ? "" : `, if these gates hold: ${gates.join("; ")}`}.`;
}

function bounds(least: unknown, most: unknown): string {
  const parts = [
    least === undefined || least === null ? "" : `at least ${String(least)}`,
    most === undefined || most === null ? "" : `at most ${String(most)}`,
  ];
  return parts.filter((part) => part !== "").join(" and ") || "recorded";
}

function rival({ alias, stage }: Gate): string {
  return alias ? `@${String(alias)}` : `the version in ${String(stage)}`;
}

function way({ higher_is_better: higher }: Gate): string {
  return higher === false ? "lower" : "higher";
}

function absent({ if_absent: absence }: Gate): string {
  return absence === "fail" ? "; there must be one" : "";
}

function age({ max_age_days: days }: Gate): string {
  return typeof days === "number" ? `, not more than ${many(days, "day")} ago` : "";
}

function reportedBy({ reporters }: Gate): string {
  const names = texts(reporters);
  return names.length === 0 ? "" : `, reported by ${either(names)}`;
}

/** When the registry opens the gate's check, and what counts while it is pending. */
function opening({ open_on: on, if_pending: pending }: Gate): string {
  const when = on === "arrival" ? "a version arrives" : on === "request" ? "the move is requested" : "";
  const opened = when === "" ? "" : `; opened when ${when}`;
  return `${opened}${pending === "last" ? "; while it is pending, its last result counts" : ""}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  const [last = "", ...before] = [...words].reverse();
  return before.length === 0 ? last : `${before.reverse().join(", ")} or ${last}`;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
