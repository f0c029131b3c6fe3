/** What each action of a grant lets somebody do, after "may". */
const ACTIONS: Record<string, string> = {
  read: "read everything but the files",
  download: "download files",
  register: "create models and register versions",
  annotate: "edit descriptions, tags and cards",
  report: "report checks, evaluations and attestations",
  comment: "comment",
  request: "ask for moves",
  approve: "approve or reject requests",
  transition: "move versions between stages",
  move_protected_alias: "move protected aliases",
  manage: "manage models, and delete or restore versions",
  freeze: "freeze models and lock versions",
  hold: "place and release legal holds",
  deploy: "deploy versions",
  audit: "audit the whole registry",
  override: "override gates and approvals, and release versions from quarantine",
  manage_webhooks: "manage webhooks",
  manage_schemes: "manage schemes, and risk tiers",
  administer: "manage tokens, roles, grants, trusts and signers",
};

/** The actions that the registry knew when this page was made, in the order of its documentation. */
export const KNOWN_ACTIONS: readonly string[] = Object.keys(ACTIONS);

/** What an action lets somebody do. One that this page does not know is its own name. */
export function actionInWords(action: string): string {
  return ACTIONS[action] ?? action;
}

/** `read everything but the files; download files; comment`. */
export function actionsInWords(actions: readonly string[]): string {
  const known = KNOWN_ACTIONS.filter((action) => actions.includes(action));
  const unknown = actions.filter((action) => !KNOWN_ACTIONS.includes(action));
  return [...known, ...unknown].map(actionInWords).join("; ");
}

const PERSONAL = "personal_data";
const UNCLASSIFIED = "unclassified";

/** What a grant is limited to: ` whose data is public or internal, and not about people`. Nothing if it is not. */
export function limitInWords(classifications: readonly string[] | null | undefined): string {
  if (!classifications?.length) {
    return "";
  }
  const levels = classifications.filter((word) => word !== PERSONAL);
  if (levels.length === 0) {
    return " whose data is about people and has no level, which is none";
  }
  // Nobody has said of unclassified data whether it is about people.
  const people = levels.every((word) => word === UNCLASSIFIED)
    ? ""
    : classifications.includes(PERSONAL)
      ? ", also if it is about people"
      : ", and not about people";
  return ` whose data is ${levels.join(" or ")}${people}`;
}

/** What a grant covers. One that is limited to classifications does not cover the registry. */
export function grantInWords(models: string, classifications: readonly string[] | null | undefined): string {
  const limit = limitInWords(classifications);
  return limit === "" ? modelsInWords(models) : `${models === "*" ? "all models" : modelsInWords(models)}${limit}`;
}

/** What a pattern of model names covers: `all models`, `the model fraud`, `models whose names begin with risk-`. */
export function modelsInWords(pattern: string): string {
  if (pattern === "*") {
    return "all models, and the registry itself";
  }
  const parts = pattern.split("*");
  if (parts.length === 1) {
    return `the model ${pattern}`;
  }
  if (parts.length === 2 && parts[1] === "") {
    return `models whose names begin with ${parts[0]}`;
  }
  if (parts.length === 2 && parts[0] === "") {
    return `models whose names end with ${parts[1]}`;
  }
  return `models whose names match ${pattern}`;
}
