import type { Overview } from "./queries";

type Named = Pick<Overview, "champion" | "challenger" | "stages" | "directions"> & {
  model: Pick<Overview["model"], "promotion_rule">;
};

/** The metrics of the versions that an overview shows, by name. */
export function metricNames({ champion, challenger, stages }: Named): string[] {
  const versions = [champion, challenger, ...stages.flatMap((stage) => stage.versions)];
  return [...new Set(versions.flatMap((version) => Object.keys(version?.metrics ?? {})))].sort();
}

/** The metric by which a model is judged first: its rule's, else one that has a direction; undefined if there is none. */
export function headline(glance: Named): string | undefined {
  const names = metricNames(glance);
  const ruled = glance.model.promotion_rule?.metric;
  if (ruled !== undefined && names.includes(ruled)) {
    return ruled;
  }
  return names.find((name) => glance.directions[name] !== undefined) ?? names[0];
}
