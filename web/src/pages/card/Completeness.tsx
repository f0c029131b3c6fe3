import { Link } from "@tanstack/react-router";
import { count } from "../../format/number";
import { many } from "../../format/words";
import { Mark } from "../../ui/Badges";
import { completeness, heading } from "./sections";

interface CompletenessProps {
  sections: readonly { name: string; characters: number; needed: number }[];
}

/** Which sections the documentation gates of the scheme ask for, and how far each is written. */
export function Completeness({ sections }: CompletenessProps) {
  const { asked, met } = completeness(sections);
  if (asked === 0) {
    return <p className="muted">No gate of the model's scheme asks for documentation.</p>;
  }
  return (
    <>
      <p>
        <strong>
          {met} of {many(asked, "section")} long enough
        </strong>
      </p>
      <progress className="card-progress" value={met} max={asked} aria-label="Sections that are long enough" />
      <ul className="card-needed">
        {sections
          .filter(({ needed }) => needed > 0)
          .map(({ name, characters, needed }) => (
            <li key={name}>
              <Mark state={characters >= needed ? "met" : "unmet"} />
              <div>
                <Link to="." hash={`section-${name}`} search={(before: Record<string, unknown>) => before}>
                  {heading(name)}
                </Link>
                <div className="muted">
                  {count(characters)} of {count(needed)} characters
                </div>
              </div>
            </li>
          ))}
      </ul>
    </>
  );
}
