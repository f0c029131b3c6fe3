import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import {
  Anchor,
  BookOpenCheck,
  Boxes,
  CalendarClock,
  House,
  Inbox,
  KeyRound,
  LogOut,
  Menu as MenuIcon,
  Search,
  Server,
  Trophy,
  UserRound,
  Webhook,
  Workflow,
} from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import type { Caller } from "../api/session";
import { may } from "../api/useSession";
import { shortName } from "../format/words";
import { ANNOUNCEMENTS } from "./announce";
import { Button } from "./Button";
import { useKeys } from "./keys";
import { late } from "./late";
import { leave } from "./leave";
import { PrintNote } from "./PrintNote";
import "./Shell.css";

const Palette = late(() => import("./Palette").then((part) => part.default));
const KeyHelp = late(() => import("./KeyHelp").then((part) => part.default));

interface Entry {
  to: string;
  name: string;
  icon: typeof House;
  /** The action without which the page shows nothing. */
  action?: string;
  /** Whether a grant for some models is enough. */
  some?: boolean;
}

const ENTRIES: Entry[] = [
  { to: "/", name: "Home", icon: House },
  { to: "/models", name: "Models", icon: Boxes },
  { to: "/inbox", name: "Inbox", icon: Inbox },
  { to: "/search", name: "Search", icon: Search },
  { to: "/leaderboard", name: "Leaderboard", icon: Trophy },
  { to: "/schemes", name: "Schemes", icon: Workflow },
  { to: "/webhooks", name: "Webhooks", icon: Webhook, action: "manage_webhooks" },
  { to: "/targets", name: "Targets", icon: Server, action: "administer" },
  { to: "/schedules", name: "Schedules", icon: CalendarClock, action: "read" },
  { to: "/audit", name: "Audit", icon: BookOpenCheck, action: "audit", some: true },
  { to: "/access", name: "Access", icon: KeyRound, action: "administer" },
];

const ME = { to: "/me", name: "You" };

/** The frame of every page: where one can go, and who is signed in. */
export function Shell({ caller }: { caller: Caller }) {
  const [open, setOpen] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of page closes the menu
  useEffect(() => setOpen(false), [path]);
  const entries = ENTRIES.filter((entry) => shown(entry, caller));
  useKeys({ palette: () => setPalette(true), help: () => setHelp(true) });
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="shell-bar no-print">
        <Brand />
        <Button kind="quiet" aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)}>
          <MenuIcon aria-hidden="true" />
          Menu
        </Button>
      </header>
      <div className={open ? "shell-side shell-side-open no-print" : "shell-side no-print"}>
        <header className="shell-top">
          <Brand />
          <button type="button" className="shell-find" onClick={() => setPalette(true)}>
            <Search aria-hidden="true" />
            Go to …<kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"}</kbd>
          </button>
        </header>
        <nav id="navigation" aria-label="Main">
          <ul>
            {entries.map((entry) => (
              <li key={entry.to}>
                <Link to={entry.to} activeOptions={{ exact: entry.to === "/" }} className="shell-link">
                  <entry.icon aria-hidden="true" />
                  {entry.name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <nav className="shell-me" aria-label="You">
          <Link to={ME.to} className="shell-link">
            <UserRound aria-hidden="true" />
            <span className="shell-name" title={caller.principal}>
              {shortName(caller.principal)}
            </span>
          </Link>
          <button type="button" className="shell-link" onClick={() => void leave()}>
            <LogOut aria-hidden="true" />
            Sign out
          </button>
        </nav>
      </div>
      <main id="main" tabIndex={-1}>
        <PrintNote by={caller.principal} />
        <Outlet />
      </main>
      <div id={ANNOUNCEMENTS} className="visually-hidden" aria-live="polite" />
      {palette && <Palette places={[...entries, ME]} onClose={() => setPalette(false)} />}
      {help && <KeyHelp onClose={() => setHelp(false)} />}
    </div>
  );
}

/** Whether an entry leads to something that the caller may see. */
function shown({ action, some = false }: Entry, caller: Caller): boolean {
  return (
    action === undefined ||
    may(caller, action) ||
    (some && caller.grants.some((grant) => grant.actions.includes(action)))
  );
}

export function Brand(): ReactNode {
  return (
    <Link to="/" className="brand">
      <Anchor aria-hidden="true" />
      Moorage
    </Link>
  );
}
