import { useQuery } from "@tanstack/react-query";
import { many } from "../../format/words";
import { Mark } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { type Column, Table } from "../../ui/Table";
import { type Recipe, recipeOf } from "./queries";

type Ingredient = Recipe["ingredients"][number];

const NAMES: Record<Ingredient["name"], string> = {
  code: "Code",
  data: "Data",
  environment: "Environment",
  base_models: "Base models",
  parameters: "Parameters",
  seed: "Random seed",
  files: "Files to compare with",
};

const ANSWERS = { recorded: "met", partly: "waiting", missing: "unmet" } as const;

const COLUMNS: Column<Ingredient>[] = [
  { key: "name", head: "It takes", cell: ({ name }) => NAMES[name] },
  { key: "answer", head: "Recorded", cell: ({ answer }) => <Mark state={ANSWERS[answer]}>{answer}</Mark> },
  {
    key: "found",
    head: "What is known",
    wide: true,
    cell: ({ found, advice }) => (
      <>
        {found}
        {advice !== null && <div className="muted">{advice}</div>}
      </>
    ),
  },
];

/** What is recorded to make a version again, and what is missing. */
export function RecipeCard({ model, version }: { model: string; version: string }) {
  const query = useQuery(recipeOf(model, version));
  return (
    <Card title="To make this version again" flush>
      <Loaded query={query} lines={7}>
        {({ complete, ingredients }) => {
          const open = ingredients.filter(({ answer }) => answer !== "recorded").length;
          return (
            <>
              <p className="lineage-recipe">
                {complete
                  ? "Everything that it takes is recorded."
                  : `${many(open, "thing")} of ${ingredients.length} ${open === 1 ? "is" : "are"} not recorded in full.`}
              </p>
              <Table caption="What it takes" columns={COLUMNS} rows={ingredients} rowKey={({ name }) => name} />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
