import { listed } from "../../format/words";
import { Mark, Person } from "../../ui/Badges";
import { Time } from "../../ui/Time";
import type { Standing } from "./queries";

type Vote = Standing["request"]["votes"][number];

/** Every vote with the roles it was given in. One that no longer counts is struck through, and says why. */
export function Votes({ standing }: { standing: Standing }) {
  const { request } = standing;
  return (
    <>
      {request.reviewers.length > 0 && (
        <p className="muted">
          Asked:{" "}
          {request.reviewers.map((name, index) => (
            <span key={name}>
              {index > 0 && ", "}
              <Person name={name} />
            </span>
          ))}
        </p>
      )}
      {request.votes.length === 0 ? (
        <p className="muted">Nobody has voted yet.</p>
      ) : (
        <ul className="votes">
          {request.votes.map((vote) => (
            <li key={vote.principal}>
              <One vote={vote} isVoid={vote.void || standing.void_votes.includes(vote.principal)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function One({ vote, isVoid }: { vote: Vote; isVoid: boolean }) {
  const said = vote.approve ? "approves" : "rejects";
  const capacity = [
    ...(vote.roles.length > 0 ? [`as ${listed(vote.roles)}`] : []),
    ...(vote.groups.length > 0 ? [`in ${listed(vote.groups)}`] : []),
  ];
  return (
    <>
      <div>
        <Mark state={isVoid ? "waiting" : vote.approve ? "met" : "unmet"}> </Mark>
        {isVoid ? (
          <s>
            <Person name={vote.principal} /> {said}
          </s>
        ) : (
          <>
            <Person name={vote.principal} /> {said}
          </>
        )}
      </div>
      <div className="muted">
        {capacity.length > 0 && `${capacity.join(", ")} · `}
        <Time at={vote.at} ago />
      </div>
      {vote.reason !== null && <blockquote className="quote">{vote.reason}</blockquote>}
      {isVoid && <div className="votes-void">Void: what was voted on has changed since.</div>}
    </>
  );
}
