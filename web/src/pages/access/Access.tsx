import { Link, useParams } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { late } from "../../ui/late";
import { Page } from "../../ui/Page";
import { TabLinks } from "../../ui/TabLinks";
import { Grants } from "./Grants";
import { Roles } from "./Roles";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";
import { Trusts } from "./Trusts";
import { WhoMay } from "./WhoMay";
import "./Access.css";

// Who signs is another question than who comes in, and few come here for it.
const Signers = late(() => import("./Signers").then(({ Signers }) => Signers));

const TABS: Record<string, [name: string, shown: ComponentType]> = {
  tokens: ["Tokens", Tokens],
  roles: ["Roles", Roles],
  grants: ["Grants", Grants],
  trusts: ["Trusts", Trusts],
  signers: ["Signers", Signers],
  sessions: ["Sessions", Sessions],
  who: ["Who may …?", WhoMay],
};
const FIRST = "tokens";

/** Who may do what: tokens, roles, grants, trusts, signers, sessions, and the question who may take an action. */
export function Access() {
  const { tab } = useParams({ strict: false }) as { tab?: string };
  const chosen = tab !== undefined && tab in TABS ? tab : FIRST;
  const [name, Shown] = TABS[chosen] ?? ["Tokens", Tokens];
  return (
    <Page title={`Access: ${name.replace(" …?", "")}`}>
      <TabLinks label="Parts of access">
        {Object.entries(TABS).map(([key, [label]]) => (
          <Link
            key={key}
            to="/access/$tab"
            params={{ tab: key }}
            activeOptions={{ includeSearch: false }}
            aria-current={key === chosen ? "page" : undefined}
          >
            {label}
          </Link>
        ))}
      </TabLinks>
      <Shown />
    </Page>
  );
}
