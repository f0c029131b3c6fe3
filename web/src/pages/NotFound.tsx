import { Link } from "@tanstack/react-router";
import { Page } from "../ui/Page";

/** What stands at addresses that lead nowhere. */
export function NotFound() {
  return (
    <Page title="There is no such page">
      <p className="text">
        The address may be mistyped, or of a newer release. <Link to="/models">All models</Link> are a good place to go
        on.
      </p>
    </Page>
  );
}
