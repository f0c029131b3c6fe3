import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { many } from "../format/words";
import { Button } from "../ui/Button";
import { Loaded } from "../ui/Loaded";
import { Card } from "../ui/Page";
import { OneComment } from "./OneComment";
import { type Comment, commentsOn, type Subject } from "./queries";
import { WriteComment } from "./WriteComment";
import "./Comments.css";

/** What people say about a version or a request, and a field to say something. */
export function Comments({ model, on }: { model: string; on: Subject }) {
  const query = useInfiniteQuery(commentsOn(model, on));
  const [answering, setAnswering] = useState<Comment | null>(null);
  return (
    <Card title="Comments">
      <Loaded query={query} lines={2}>
        {({ pages }) => {
          const comments = pages.flatMap((page) => page.items);
          return (
            <>
              {comments.length === 0 && <p className="muted">Nobody has commented yet.</p>}
              <ol className="comments" aria-label={many(comments.length, "comment")}>
                {comments.map((comment) => (
                  <li key={comment.id} id={`comment-${comment.id}`}>
                    <OneComment
                      model={model}
                      comment={comment}
                      answered={comments.find(({ id }) => id === comment.reply_to)}
                      onAnswer={() => setAnswering(comment)}
                    />
                  </li>
                ))}
              </ol>
              {query.hasNextPage && (
                <div>
                  <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    Show later comments
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
      <WriteComment model={model} on={on} answering={answering} onAnswered={() => setAnswering(null)} />
    </Card>
  );
}
