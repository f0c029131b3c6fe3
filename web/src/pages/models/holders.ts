import type { Document } from "../../api/documents";
import type { Direction } from "../../format/number";

export type FoundModel = Document<"FoundModelView">;
export type Holder = NonNullable<NonNullable<FoundModel["holders"]>["champion"]>;

/** Which way a model's metrics get better, as far as the model itself says so. Its scheme may know more. */
export function directionsOf({ metadata, promotion_rule: rule }: Pick<FoundModel, "metadata" | "promotion_rule">) {
  const said = metadata.metric_directions;
  const directions: Record<string, Direction> = {};
  if (rule !== null) {
    directions[rule.metric] = rule.higher_is_better ? "up" : "down";
  }
  for (const [name, direction] of Object.entries(typeof said === "object" && said !== null ? said : {})) {
    if (direction === "up" || direction === "down") {
      directions[name] = direction;
    } else {
      delete directions[name];
    }
  }
  return directions;
}

/** The metric by which a model is judged first, with the values of who serves; null if nothing that serves has one. */
export function headlineOf(model: FoundModel): { name: string; value: number } | null {
  const serving = model.holders?.serving ?? model.holders?.champion;
  const metrics = serving?.metrics ?? {};
  const names = Object.keys(metrics).sort();
  const directions = directionsOf(model);
  const ruled = names.find((name) => name === model.promotion_rule?.metric);
  const name = ruled ?? names.find((one) => directions[one] !== undefined) ?? names[0];
  const value = name === undefined ? undefined : metrics[name];
  return name === undefined || value === undefined ? null : { name, value };
}
