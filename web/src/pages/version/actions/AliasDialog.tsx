import { useId, useState } from "react";
import { answered, api } from "../../../api/client";
import type { Version } from "../../../api/documents";
import { useMay } from "../../../api/useSession";
import { ActionDialog } from "../../../ui/ActionDialog";
import { TextField } from "../../../ui/Field";
import type { Overview } from "../../model/queries";

interface AliasDialogProps {
  version: Version;
  glance: Overview;
  onClose: () => void;
}

/** Points an alias at a version: a new one, or one that points elsewhere now. */
export function AliasDialog({ version, glance, onClose }: AliasDialogProps) {
  const may = useMay();
  const list = useId();
  const [typed, setTyped] = useState("");
  const { model, number } = version;
  const alias = typed.trim().replace(/^@/, "");
  const { aliases, protected_aliases: guarded } = glance.model;
  const before = aliases[alias] ?? null;
  const refused =
    guarded.includes(alias) && !may("move_protected_alias", model)
      ? `@${alias} is protected, and your grants do not include moves of protected aliases.`
      : before === number
        ? `@${alias} points at version ${number} already.`
        : undefined;
  return (
    <ActionDialog
      title={`Point ${alias === "" ? "an alias" : `@${alias}`} at version ${number}`}
      said={`@${alias} points at version ${number}`}
      draft={`alias ${model}/${number}`}
      refresh={[["model", model]]}
      refused={refused}
      onClose={onClose}
      reason="optional"
      act={(reason, key) =>
        answered(
          api.PUT("/v1/models/{model}/aliases/{alias}", {
            params: { path: { model, alias }, header: { "Idempotency-Key": key } },
            body: { version: number, expected_version: before, reason },
          }),
        )
      }
    >
      <TextField
        label="Alias"
        hint="Such as champion. An alias that exists moves; any other is made."
        required
        list={list}
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <datalist id={list}>
        {[...new Set([...Object.keys(aliases), ...guarded])].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {alias !== "" && (
        <p className="text" role="status">
          {before === null
            ? `@${alias} does not exist yet.`
            : `@${alias} leaves version ${before}. Clients that load ${model}@${alias} get version ${number}.`}
        </p>
      )}
    </ActionDialog>
  );
}
