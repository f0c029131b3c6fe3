import { Snippet } from "../../ui/Copy";
import { Empty } from "../../ui/Empty";
import type { Whose } from "./queries";

const TITLES: Record<Whose, string> = {
  me: "Nothing waits for you",
  mine: "You have no open request",
  all: "No open requests",
};

/** What stands in an empty inbox. */
export function NothingWaits({ whose }: { whose: Whose }) {
  return (
    <Empty title={TITLES[whose]}>
      {whose === "me" ? (
        <p className="text">
          Requests appear here when your approval would count: not those that you opened, nor those of versions that you
          registered.
        </p>
      ) : (
        <>
          <p className="text">
            A request asks reviewers to approve a move to another stage. The page of a version opens one, and so does:
          </p>
          <Snippet text={'moorage requests open MODEL/1 production --reason "…"'} what="the command" />
        </>
      )}
    </Empty>
  );
}
