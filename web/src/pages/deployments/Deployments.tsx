import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/useSession";
import { Places } from "../../deployments/Places";
import { type Place, placesOf } from "../../deployments/queries";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Card, Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { DeployDialog } from "./DeployDialog";
import { DeploymentDialog } from "./DeploymentDialog";
import { DeploymentList } from "./DeploymentList";
import { WithdrawDialog } from "./WithdrawDialog";

/** Where a model is deployed, and every deployment of it. */
export function Deployments() {
  const { model } = useParams({ strict: false }) as { model: string };
  const [{ deployment }, change] = useAddress();
  const [deploying, setDeploying] = useState(false);
  const [leaving, setLeaving] = useState<Place | null>(null);
  const places = useQuery(placesOf(model));
  const targets = places.data?.items.map(({ target }) => target) ?? [];
  const refused = useMay()("deploy", model) ? undefined : "It needs the action deploy.";
  const withdraw = (place: Place) => (
    <Button onClick={() => setLeaving(place)}>
      Take off<span className="visually-hidden"> {place.target}</span>
    </Button>
  );
  return (
    <Page
      title="Deployments"
      actions={
        <Button kind="primary" refused={refused} onClick={() => setDeploying(true)}>
          Deploy by hand
        </Button>
      }
    >
      <Card title="Where it is deployed" flush>
        <Loaded query={places} lines={4}>
          {({ items }) => (
            <Places
              caption="Targets of the model"
              places={items}
              by="target"
              {...(refused === undefined ? { act: withdraw } : {})}
              empty={
                <Empty title="Deployed nowhere yet">
                  <p>
                    A target deploys each version that enters its stage, or that its alias is pointed at. Administrators
                    make targets.
                  </p>
                </Empty>
              }
            />
          )}
        </Loaded>
      </Card>
      <DeploymentList model={model} targets={targets} />
      {deploying && <DeployDialog model={model} targets={targets} onClose={() => setDeploying(false)} />}
      {leaving !== null && <WithdrawDialog place={leaving} onClose={() => setLeaving(null)} />}
      {deployment !== undefined && (
        <DeploymentDialog
          key={deployment}
          model={model}
          deployment={deployment}
          onClose={() => change({ deployment: undefined })}
        />
      )}
    </Page>
  );
}
