import { Link, Outlet, useParams } from "@tanstack/react-router";
import { TabLinks } from "../../ui/TabLinks";
import "./ModelFrame.css";

const PAGES: { to: string; name: string }[] = [
  { to: "/models/$model", name: "Overview" },
  { to: "/models/$model/versions", name: "Versions" },
  { to: "/models/$model/board", name: "Board" },
  { to: "/models/$model/compare", name: "Compare" },
  { to: "/models/$model/card", name: "Card" },
  { to: "/models/$model/deployments", name: "Deployments" },
  { to: "/models/$model/monitors", name: "Monitors" },
  { to: "/models/$model/history", name: "History" },
  { to: "/models/$model/requests", name: "Requests" },
  { to: "/models/$model/settings", name: "Settings" },
];

/** What all pages of a model share: its name, and links between them. */
export function ModelFrame() {
  const { model } = useParams({ strict: false }) as { model: string };
  return (
    <>
      <div className="model-frame">
        <p className="model-frame-name">
          <Link to="/models">Models</Link> /{" "}
          <Link to="/models/$model" params={{ model }} title={model}>
            {model}
          </Link>
        </p>
        <TabLinks label={`Pages of ${model}`}>
          {PAGES.map(({ to, name }) => (
            // The page of one request is among the requests.
            <Link
              key={to}
              to={to}
              params={{ model }}
              activeOptions={{ exact: to === PAGES[0]?.to, includeSearch: false }}
            >
              {name}
            </Link>
          ))}
        </TabLinks>
      </div>
      <Outlet />
    </>
  );
}
