import { Pencil } from "lucide-react";
import { Button } from "../../ui/Button";
import { Card as Box } from "../../ui/Page";
import { Prose } from "../../ui/Prose";
import type { Card } from "./queries";
import { heading, INTRODUCTION, purpose, SECTIONS, textsOf } from "./sections";

interface SectionsProps {
  card: Card;
  /** Opens the editor of a section. Without it, the card is only read. */
  onEdit?: (section: string) => void;
}

/** Every section of a card. Those that nobody has written say what belongs in them. */
export function Sections({ card, onEdit }: SectionsProps) {
  const texts = textsOf(card);
  const unknown = Object.keys(texts).filter((name) => name !== INTRODUCTION && !SECTIONS.includes(name));
  return [INTRODUCTION, ...SECTIONS, ...unknown].map((name) => (
    <Box
      key={name}
      id={`section-${name}`}
      title={heading(name)}
      actions={
        onEdit !== undefined && (
          <Button kind="quiet" aria-label={`Edit ${heading(name)}`} onClick={() => onEdit(name)}>
            <Pencil aria-hidden="true" />
            Edit
          </Button>
        )
      }
    >
      {texts[name] === undefined ? <p className="muted">Not written. {purpose(name)}</p> : <Prose text={texts[name]} />}
    </Box>
  ));
}
