import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMay } from "../../api/useSession";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { TabLinks } from "../../ui/TabLinks";
import { Aliases } from "./Aliases";
import { Classification } from "./Classification";
import { DeletedVersions } from "./DeletedVersions";
import { DeleteModel, Freeze } from "./Ends";
import { Profile } from "./Profile";
import { PromotionRule } from "./PromotionRule";
import { modelOf, type OpenModel } from "./queries";
import { RetentionRule } from "./Retention";
import { SchemeAndTier } from "./SchemeAndTier";
import "./Settings.css";

const TABS = { general: "General", promotion: "Promotion", retention: "Retention and deletion" } as const;
type Tab = keyof typeof TABS;

/** What holds for a model as a whole: who owns it, what judges its versions, and how long they stay. */
export function Settings() {
  const { model } = useParams({ strict: false }) as { model: string };
  const [{ tab: asked }] = useAddress();
  const tab: Tab = asked !== undefined && asked in TABS ? (asked as Tab) : "general";
  const query = useQuery(modelOf(model));
  return (
    <Page title="Settings">
      <TabLinks label="Parts of the settings">
        {Object.entries(TABS).map(([key, name]) => (
          <Link
            key={key}
            to="/models/$model/settings"
            params={{ model }}
            search={key === "general" ? {} : { tab: key }}
            activeOptions={{ exact: true, includeSearch: true }}
            aria-current={key === tab ? "page" : undefined}
          >
            {name}
          </Link>
        ))}
      </TabLinks>
      <Loaded query={query} lines={10}>
        {(found) => <Content model={found} tab={tab} />}
      </Loaded>
    </Page>
  );
}

function Content({ model, tab }: { model: OpenModel; tab: Tab }) {
  const may = useMay();
  const refused = may("manage", model.name) ? undefined : "It needs the action manage.";
  if (tab === "promotion") {
    return (
      <>
        <SchemeAndTier model={model} />
        <PromotionRule model={model} refused={refused} />
        <Aliases model={model} refused={refused} />
      </>
    );
  }
  if (tab === "retention") {
    return (
      <>
        <RetentionRule model={model} refused={refused} />
        <DeletedVersions model={model.name} refused={refused} />
        <DeleteModel model={model} refused={refused} />
      </>
    );
  }
  return (
    <>
      <Profile model={model} refused={refused} />
      <Classification model={model} refused={refused} />
      <Freeze model={model} />
    </>
  );
}
