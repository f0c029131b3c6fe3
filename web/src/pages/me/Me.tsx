import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answered, api } from "../../api/client";
import { actionsInWords, grantInWords } from "../../format/access";
import { REGISTRY_URL, UI_URL } from "../../place";
import { Copy } from "../../ui/Copy";
import { Loaded } from "../../ui/Loaded";
import { Card, Page } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { Display } from "./Display";
import { OwnSessions } from "./OwnSessions";
import "./Me.css";

const DOCUMENTS = [
  { path: "v1/openapi.json", name: "Every call of the API, as an OpenAPI document" },
  { path: "v1/schemas/event.json", name: "JSON Schema of an event" },
  { path: "v1/schemas/scheme.json", name: "JSON Schema of a promotion scheme" },
];

/** The reader: who they are to the registry, what they may do, and how they want pages to look. */
export function Me() {
  const query = useQuery({ queryKey: ["whoami"], queryFn: () => answered(api.GET("/v1/whoami")) });
  return (
    <Page title="You">
      <div className="page-columns">
        <div className="page-column">
          <Card title="What you may do">
            <Loaded query={query}>
              {({ grants }) => (
                <ul className="stack">
                  {grants.length === 0 && (
                    <li className="muted">Nothing yet. Ask an administrator for a grant, and name your principal.</li>
                  )}
                  {grants.map((grant) => (
                    <li key={`${grant.role} ${grant.models} ${grant.classifications?.join() ?? ""}`}>
                      <strong>{grant.role}</strong> on {grantInWords(grant.models, grant.classifications)}
                      <div className="muted text">You may {actionsInWords(grant.actions)}.</div>
                    </li>
                  ))}
                </ul>
              )}
            </Loaded>
          </Card>
          <Card title="Your sessions" flush>
            <OwnSessions />
          </Card>
        </div>
        <div className="page-column">
          <Card title="Who you are">
            <Loaded query={query}>
              {({ principal, groups }) => (
                <Facts>
                  <Fact name="Principal">
                    <code>{principal}</code> <Copy text={principal} what="principal" />
                  </Fact>
                  <Fact name="Groups">{groups.length === 0 ? "—" : groups.join(", ")}</Fact>
                </Facts>
              )}
            </Loaded>
          </Card>
          <Card title="Display">
            <Display />
          </Card>
          <Card title="Documentation">
            <ul className="me-links">
              {DOCUMENTS.map(({ path, name }) => (
                <li key={path}>
                  <a href={new URL(path, REGISTRY_URL).href}>{name}</a>
                </li>
              ))}
              <li>
                <Link to="/schemes">What each scheme asks for</Link>
              </li>
              <li>
                <a href={new URL("licenses.txt", UI_URL).href}>Licences of what this interface is made of</a>
              </li>
              <li>
                Guides are in the folder <code>docs</code> of the repository; <code>moorage --help</code> lists the
                commands.
              </li>
            </ul>
          </Card>
        </div>
      </div>
    </Page>
  );
}
