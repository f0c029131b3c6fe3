import { Link } from "@tanstack/react-router";
import { Page } from "../../ui/Page";

/** What waits for the reader, and what changed. */
export function Home() {
  return (
    <Page title="Home">
      <p>
        <Link to="/models">All models</Link>
      </p>
    </Page>
  );
}
