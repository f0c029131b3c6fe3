import { answered, api } from "../api/client";
import { ActionDialog } from "../ui/ActionDialog";
import { useDraft } from "../ui/draft";
import { TextArea } from "../ui/Field";
import type { Comment } from "./queries";

/** Changes the text of one's own comment. */
export function EditComment({ model, comment, onClose }: { model: string; comment: Comment; onClose: () => void }) {
  const [text, setText, forget] = useDraft(`edit comment ${model} ${comment.id}`, comment.text);
  return (
    <ActionDialog
      title="Change this comment"
      onClose={onClose}
      draft={`edit reason ${comment.id}`}
      refused={text.trim() === "" ? "A comment cannot be empty." : undefined}
      act={async () => {
        await answered(
          api.PATCH("/v1/models/{model}/comments/{comment}", {
            params: { path: { model, comment: comment.id } },
            body: { text },
          }),
        );
        forget();
      }}
      said="Changed the comment"
      refresh={[["model", model, "comments"]]}
    >
      <TextArea
        label="Comment"
        hint="Markdown. Others see that it was changed."
        rows={6}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </ActionDialog>
  );
}
