import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { useMay } from "../../api/useSession";
import { ActionDialog } from "../../ui/ActionDialog";
import { Stage } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { More } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { Fact, Facts } from "../../ui/Table";
import { listSchemes, SCHEMES } from "../schemes/queries";
import { readScheme } from "../schemes/scheme";
import { type AssignedScheme, assignedScheme, type OpenModel } from "./queries";
import { wholeNumber } from "./words";

/** The scheme that judges a model's moves, and the risk tier by which it does. */
export function SchemeAndTier({ model }: { model: OpenModel }) {
  const query = useQuery(assignedScheme(model.name));
  const may = useMay();
  const refused = may("manage_schemes", model.name) ? undefined : "It needs the action manage_schemes.";
  const [chosen, setChosen] = useState<"scheme" | "tier" | null>(null);
  const close = () => setChosen(null);
  return (
    <Card
      title="Scheme and risk tier"
      actions={
        <>
          <Button refused={refused} onClick={() => setChosen("scheme")}>
            Change the scheme
          </Button>
          <Button refused={refused} onClick={() => setChosen("tier")}>
            Change the tier
          </Button>
        </>
      }
    >
      <Loaded query={query}>
        {(scheme) => (
          <Facts>
            <Fact name="Scheme">
              <Link
                to="/schemes/$scheme"
                params={{ scheme: scheme.name }}
                search={scheme.follows ? {} : { version: scheme.version }}
              >
                {scheme.name}
              </Link>
              , version {scheme.version}
              <div className="muted">
                {scheme.follows
                  ? "It follows the scheme: later versions hold for it too, if they fit."
                  : "It is pinned: later versions do not change what holds for it."}
              </div>
            </Fact>
            <Fact name="Stages">
              <span className="row">
                {readScheme(scheme.document).stages.map(({ name }) => (
                  <Stage key={name} name={name} />
                ))}
              </span>
            </Fact>
            <Fact name="Risk tier">
              {model.tier}
              <div className="muted">Gates and approvals of a scheme may hold for some tiers only.</div>
            </Fact>
          </Facts>
        )}
      </Loaded>
      {chosen === "scheme" && query.data !== undefined && (
        <SchemeDialog model={model} assigned={query.data} onClose={close} />
      )}
      {chosen === "tier" && <TierDialog model={model} onClose={close} />}
    </Card>
  );
}

interface SchemeDialogProps {
  model: OpenModel;
  assigned: AssignedScheme;
  onClose: () => void;
}

function SchemeDialog({ model: opened, assigned, onClose }: SchemeDialogProps) {
  // What is changed, and its ETag, must not change under the hand.
  const [{ name: model, etag }] = useState(opened);
  const list = usePaged([...SCHEMES, "list"], listSchemes);
  const [scheme, setScheme] = useState(assigned.name);
  const [version, setVersion] = useState(assigned.follows ? "" : String(assigned.version));
  const names = [...new Set([assigned.name, ...list.rows.map(({ name }) => name)])];
  return (
    <ActionDialog
      title={`Change the scheme of ${model}`}
      act={(_, key) => {
        const pinned = wholeNumber(version);
        return api.PUT("/v1/models/{model}/scheme", {
          params: { path: { model }, header: changeHeaders(key, etag) },
          body: { scheme, ...(pinned === null ? {} : { version: pinned }) },
        });
      }}
      said={`${model} has the scheme ${scheme}`}
      refresh={[["model", model]]}
      onClose={onClose}
    >
      <SelectField label="Scheme" value={scheme} onChange={(event) => setScheme(event.target.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      <More list={list} />
      <TextField
        label="Pin to version (optional)"
        hint="Empty: the model follows the scheme, and gets its later versions."
        inputMode="numeric"
        pattern="[1-9][0-9]{0,5}"
        value={version}
        onChange={(event) => setVersion(event.target.value)}
      />
      <p>
        From now on it judges every move of {model}, also those that are asked for. Votes that were given under the
        present scheme no longer count. The page of the scheme can try it on the model's past first.
      </p>
    </ActionDialog>
  );
}

const TIERS: OpenModel["tier"][] = ["low", "medium", "high"];

function TierDialog({ model: opened, onClose }: { model: OpenModel; onClose: () => void }) {
  // What is changed, and its ETag, must not change under the hand.
  const [model] = useState(opened);
  const [tier, setTier] = useState(model.tier);
  return (
    <ActionDialog
      title={`Change the risk tier of ${model.name}`}
      act={(reason, key) =>
        api.PUT("/v1/models/{model}/tier", {
          params: { path: { model: model.name }, header: changeHeaders(key, model.etag) },
          body: { tier, ...(reason === null ? {} : { reason }) },
        })
      }
      said={`The tier of ${model.name} is ${tier}`}
      refresh={[["model", model.name]]}
      reason="optional"
      onClose={onClose}
      refused={tier === model.tier ? `It is ${tier} already.` : undefined}
    >
      <SelectField
        label="Risk tier"
        value={tier}
        onChange={(event) => setTier(TIERS.find((known) => known === event.target.value) ?? tier)}
      >
        {TIERS.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      <p>
        The gates and approvals of this tier hold from now on. Votes on open requests no longer count, because they were
        given for the tier {model.tier}.
      </p>
    </ActionDialog>
  );
}
