import { Menu as Base } from "@base-ui/react/menu";
import { ChevronDown } from "lucide-react";
import "./Menu.css";

export interface MenuEntry {
  /** Unique in the menu. */
  key: string;
  name: string;
  /** Why it cannot be chosen. The entry stays in sight and says so. */
  refused?: string | undefined;
  danger?: boolean;
  onChoose: () => void;
}

interface MenuProps {
  name: string;
  /** Groups of entries, a line between each two. */
  groups: readonly (readonly MenuEntry[])[];
  onOpen?: () => void;
}

/** A button with a list of actions. Those that cannot be taken say why. */
export function Menu({ name, groups, onOpen }: MenuProps) {
  return (
    <Base.Root onOpenChange={(open) => open && onOpen?.()}>
      <Base.Trigger className="button">
        {name}
        <ChevronDown aria-hidden="true" />
      </Base.Trigger>
      {/* In the landmark of the page, so that screen readers meet the menu where it belongs. */}
      <Base.Portal container={document.getElementById("main")}>
        <Base.Positioner className="menu-place" align="end" sideOffset={4}>
          <Base.Popup className="menu">
            {groups
              .filter((group) => group.length > 0)
              .map((group) => (
                <Base.Group key={group[0]?.key} className="menu-group">
                  {group.map((entry) => (
                    <Base.Item
                      key={entry.key}
                      className={entry.danger ? "menu-item menu-item-danger" : "menu-item"}
                      disabled={entry.refused !== undefined}
                      label={entry.name}
                      onClick={entry.onChoose}
                    >
                      <span>{entry.name}</span>
                      {entry.refused !== undefined && <span className="menu-reason">{entry.refused}</span>}
                    </Base.Item>
                  ))}
                </Base.Group>
              ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
