import { Autocomplete } from "@base-ui/react/autocomplete";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answered, api } from "../api/client";
import { Dialog } from "./Dialog";
import { PLACES } from "./keys";
import "./Palette.css";

const FOUND = 8;

/** Pages to which no letter leads. */
const MORE_PLACES = [
  { to: "/leaderboard", name: "leaderboard" },
  { to: "/schemes", name: "schemes" },
  { to: "/me", name: "you" },
];

interface Goal {
  name: string;
  kind: "page" | "model";
  go: () => void;
}

/** Goes to any page or model by a few letters of its name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const prefix = typed.trim();
  const models = useQuery({
    queryKey: ["models", "by-prefix", prefix],
    queryFn: () => answered(api.GET("/v1/models", { params: { query: { prefix, limit: FOUND } } })),
    enabled: prefix !== "",
    placeholderData: (before) => before,
  });
  const pages: Goal[] = [...Object.values(PLACES), ...MORE_PLACES].map((place) => ({
    name: place.name.charAt(0).toUpperCase() + place.name.slice(1),
    kind: "page",
    go: () => void navigate({ to: place.to }),
  }));
  const found: Goal[] = (prefix === "" ? [] : (models.data?.items ?? [])).map(({ name }) => ({
    name,
    kind: "model",
    go: () => void navigate({ to: "/models/$model", params: { model: name } }),
  }));
  const goals = [...pages.filter((page) => page.name.toLowerCase().includes(prefix.toLowerCase())), ...found];
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
        <Autocomplete.Empty className="muted palette-empty">No page or model begins like this.</Autocomplete.Empty>
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
    </Dialog>
  );
}
