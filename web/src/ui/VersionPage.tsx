import { Link } from "@tanstack/react-router";
import { Page, type PageProps } from "./Page";

interface VersionPageProps extends Omit<PageProps, "above"> {
  model: string;
  /** The version as the address names it: a number or an alias. */
  version: string;
  /** Its number, as soon as that is known. */
  number: number | string | undefined;
  /** The part of the version that the page belongs to, if it has no page of its own. */
  part?: string;
}

/** A page about one part of a version, with the way back to the version above its title. */
export function VersionPage({ model, version, number, part, ...page }: VersionPageProps) {
  return (
    <Page
      {...page}
      above={
        <>
          <Link to="/models">Models</Link> /{" "}
          <Link to="/models/$model" params={{ model }}>
            {model}
          </Link>{" "}
          /{" "}
          <Link to="/models/$model/versions/$version" params={{ model, version }}>
            version {number ?? version}
          </Link>
          {part !== undefined && ` / ${part}`}
        </>
      }
    />
  );
}
