import { useState } from "react";
import { api } from "../api/client";
import { useCaller, useMay } from "../api/useSession";
import { shortName } from "../format/words";
import { ActionDialog } from "../ui/ActionDialog";
import { Person } from "../ui/Badges";
import { Button } from "../ui/Button";
import { Prose } from "../ui/Prose";
import { Time } from "../ui/Time";
import { EditComment } from "./EditComment";
import type { Comment } from "./queries";

interface OneCommentProps {
  model: string;
  comment: Comment;
  /** The comment that this one answers, if it is on the page. */
  answered: Comment | undefined;
  onAnswer: () => void;
}

/** A comment with its author and time. Its author can edit it; they and who manages the model can delete it. */
export function OneComment({ model, comment, answered, onAnswer }: OneCommentProps) {
  const may = useMay();
  const caller = useCaller()?.principal;
  const [doing, setDoing] = useState<"edit" | "delete" | null>(null);
  const mine = caller === comment.author;
  if (comment.deleted_at !== null) {
    return (
      <p className="muted">
        <Person name={comment.deleted_by ?? comment.author} /> deleted this comment,{" "}
        <Time at={comment.deleted_at} ago />
      </p>
    );
  }
  return (
    <>
      <p>
        <strong>
          <Person name={comment.author} />
        </strong>{" "}
        <span className="muted">
          <Time at={comment.created_at} ago />
          {comment.edited_at !== null && (
            <>
              , edited <Time at={comment.edited_at} />
            </>
          )}
        </span>
      </p>
      {comment.reply_to !== null && (
        <p className="muted">answers {answered === undefined ? "an earlier comment" : shortName(answered.author)}</p>
      )}
      <Prose text={comment.text} />
      <div className="comments-tools no-print">
        {may("comment", model) && (
          <Button kind="quiet" onClick={onAnswer}>
            Answer
          </Button>
        )}
        {mine && may("comment", model) && (
          <Button kind="quiet" onClick={() => setDoing("edit")}>
            Edit
          </Button>
        )}
        {((mine && may("comment", model)) || may("manage", model)) && (
          <Button kind="quiet" onClick={() => setDoing("delete")}>
            Delete
          </Button>
        )}
      </div>
      {doing === "edit" && <EditComment model={model} comment={comment} onClose={() => setDoing(null)} />}
      {doing === "delete" && (
        <ActionDialog
          title="Delete this comment"
          onClose={() => setDoing(null)}
          draft={`delete comment ${comment.id}`}
          danger
          act={() =>
            api.DELETE("/v1/models/{model}/comments/{comment}", { params: { path: { model, comment: comment.id } } })
          }
          said="Deleted the comment"
          refresh={[["model", model, "comments"]]}
        >
          <p>
            The comment of {shortName(comment.author)} keeps its place and loses its text. Auditors can still read it.
          </p>
        </ActionDialog>
      )}
    </>
  );
}
