import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/Button";

/** Opens a version by its number or alias. In a long list nobody scrolls to number 4,711. */
export function GoTo({ model }: { model: string }) {
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  function submit(event: FormEvent) {
    event.preventDefault();
    const version = typed.trim();
    if (version !== "") {
      void navigate({ to: "/models/$model/versions/$version", params: { model, version } });
    }
  }
  return (
    <form className="row versions-go" onSubmit={submit}>
      <input
        className="input"
        aria-label="Go to version, by number or @alias"
        placeholder="number or @alias"
        pattern="\s*(\d+|@.+)\s*"
        title="A number such as 42, or an alias such as @champion"
        spellCheck={false}
        autoCapitalize="none"
        required
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit">Go to version</Button>
    </form>
  );
}
