import { Autocomplete } from "@base-ui/react/autocomplete";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answered, api } from "../api/client";
import { Dialog } from "./Dialog";
import { ProblemNotice } from "./Notice";
import "./Palette.css";

const FOUND = 8;

interface Goal {
  name: string;
  kind: "page" | "model";
  go: () => void;
}

interface PaletteProps {
  /** The pages that the reader's menu has, and what they are called there. */
  places: readonly { to: string; name: string }[];
  onClose: () => void;
}

/** Goes to any page or model by a few letters of its name. */
export default function Palette({ places, onClose }: PaletteProps) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const prefix = typed.trim();
  const models = useQuery({
    queryKey: ["models", "by-prefix", prefix],
    queryFn: () => answered(api.GET("/v1/models", { params: { query: { prefix, limit: FOUND } } })),
    enabled: prefix !== "",
    placeholderData: (before) => before,
  });
  const pages: Goal[] = places.map(({ to, name }) => ({ name, kind: "page", go: () => void navigate({ to }) }));
  // What an earlier answer found stays only as far as it begins like what is typed now.
  const found: Goal[] = (prefix === "" ? [] : (models.data?.items ?? []))
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name }) => ({
      name,
      kind: "model",
      go: () => void navigate({ to: "/models/$model", params: { model: name } }),
    }));
  const goals = [...named(pages, prefix.toLowerCase()), ...found];
  return (
    <Dialog title="Go to" open onClose={onClose}>
      <Autocomplete.Root
        items={goals}
        filter={null}
        value={typed}
        onValueChange={setTyped}
        itemToStringValue={(goal: Goal) => goal.name}
        autoHighlight="always"
        inline
        open
      >
        <Autocomplete.Input
          className="input"
          placeholder="Name of a model or page"
          aria-label="Name of a model or page"
        />
        <Autocomplete.Empty className="muted palette-empty">
          {models.isFetching
            ? "Looking for models …"
            : models.isError
              ? "Models could not be looked for."
              : "No page or model begins like this."}
        </Autocomplete.Empty>
        <Autocomplete.List className="palette-list">
          {(goal: Goal) => (
            <Autocomplete.Item
              key={`${goal.kind} ${goal.name}`}
              value={goal}
              className="palette-item"
              onClick={() => {
                goal.go();
                onClose();
              }}
            >
              <span className="palette-name">{goal.name}</span>
              <span className="muted">{goal.kind}</span>
            </Autocomplete.Item>
          )}
        </Autocomplete.List>
      </Autocomplete.Root>
      {models.isError && <ProblemNotice error={models.error} retry={() => void models.refetch()} />}
    </Dialog>
  );
}

/** The pages that have the letters in their name. Those that begin with them come first. */
function named(pages: readonly Goal[], letters: string): Goal[] {
  const places = pages.map((page) => ({ page, at: page.name.toLowerCase().indexOf(letters) }));
  return places
    .filter(({ at }) => at >= 0)
    .sort((one, other) => Number(one.at > 0) - Number(other.at > 0))
    .map(({ page }) => page);
}
