/** The sections of a card (Mitchell et al. 2019), in their order, and what each is for. */
const KNOWN: Record<string, [heading: string, purpose: string]> = {
  model_details: ["Model details", "Who made it, when, with which method and code."],
  intended_use: ["Intended use", "What it is for, for whom, and what it is not for."],
  factors: ["Factors", "Groups, instruments and environments over which its quality may vary."],
  metrics: ["Metrics", "How quality is measured, and why so."],
  evaluation_data: ["Evaluation data", "What it was measured on, and why on that."],
  training_data: ["Training data", "What it was trained on."],
  quantitative_analyses: ["Quantitative analyses", "Results, for each factor and for their combinations."],
  ethical_considerations: ["Ethical considerations", "Risks and harms, and what was done about them."],
  caveats_and_recommendations: ["Caveats and recommendations", "What users should know and do."],
};

export const INTRODUCTION = "introduction";

/** The names of the sections, in their order. */
export const SECTIONS: readonly string[] = Object.keys(KNOWN);

/** The heading of a section. One of a newer registry is its own name. */
export function heading(section: string): string {
  return section === INTRODUCTION ? "Introduction" : (KNOWN[section]?.[0] ?? section);
}

/** What belongs in a section. */
export function purpose(section: string): string {
  return section === INTRODUCTION ? "What stands before the first section." : (KNOWN[section]?.[1] ?? "");
}

/** What a revision changed: `sections/factors` is the section Factors, `fields/license` the field license. */
export function changedPart(path: string): string {
  const [place, name = path] = path.split("/", 2);
  return place === "sections" || name === INTRODUCTION ? heading(name) : name;
}

/** The texts of a card by the names of its sections, the introduction among them. Absent ones are missing. */
export type Texts = Record<string, string>;

/** The texts of a card as the API answers it. */
export function textsOf(card: {
  sections: Record<string, string | null | undefined>;
  fields: { introduction?: string | null };
}): Texts {
  const all = { [INTRODUCTION]: card.fields.introduction, ...card.sections };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/** What to send to change some texts: null removes one. Unchanged ones are left out. */
export function changesOf(before: Texts, after: Texts) {
  const changed = Object.entries(after).filter(([name, text]) => (before[name] ?? "") !== text.trim());
  const sections = Object.fromEntries(
    changed.filter(([name]) => name !== INTRODUCTION).map(([name, text]) => [name, text.trim() || null]),
  );
  const introduction = changed.find(([name]) => name === INTRODUCTION);
  return {
    ...(Object.keys(sections).length > 0 ? { sections } : {}),
    ...(introduction === undefined ? {} : { fields: { introduction: introduction[1].trim() || null } }),
  };
}

/** How far the documentation that a scheme asks for is written. */
export function completeness(sections: readonly { name: string; characters: number; needed: number }[]) {
  const asked = sections.filter(({ needed }) => needed > 0);
  return { asked: asked.length, met: asked.filter(({ characters, needed }) => characters >= needed).length };
}
