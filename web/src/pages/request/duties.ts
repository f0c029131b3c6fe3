import type { TransitionRequest } from "../../api/documents";
import type { Standing } from "./queries";

/** Asks whether the caller may take an action on the request's model. */
type May = (action: string, model?: string) => boolean;

// The others are final. A state of a newer API counts as final, because nothing is known of what it allows.
const OPEN = ["open", "approved", "rejected"];

export function isClosed(request: Pick<TransitionRequest, "state">): boolean {
  return !OPEN.includes(request.state);
}

/** Why the caller cannot vote; undefined if they can, as far as a page can tell. */
export function voteRefusal(request: TransitionRequest, caller: string, may: May): string | undefined {
  if (isClosed(request)) {
    return `The request is ${request.state}.`;
  }
  if (!may("approve", request.model)) {
    return "Your grants do not include votes on this model.";
  }
  if (caller === request.requested_by || caller === request.requester) {
    return "You opened this request; somebody else must judge it.";
  }
  if (caller === request.author || request.authors.includes(caller)) {
    return `You registered version ${request.version}; somebody else must judge it.`;
  }
  return undefined;
}

/** Why the caller cannot make the move now. */
export function executionRefusal(
  { request, executable }: Pick<Standing, "request" | "executable">,
  may: May,
): string | undefined {
  if (isClosed(request)) {
    return `The request is ${request.state}.`;
  }
  if (!may("transition", request.model)) {
    return "Your grants do not include moves on this model.";
  }
  return executable ? undefined : "Not everything above is met yet.";
}

/** Why the caller cannot take the request back. */
export function withdrawalRefusal(request: TransitionRequest, caller: string, may: May): string | undefined {
  if (isClosed(request)) {
    return `The request is ${request.state}.`;
  }
  if (!may("request", request.model)) {
    return "Your grants do not include requests on this model.";
  }
  if (caller !== request.requested_by && !may("manage", request.model)) {
    return "Who opened it, or somebody who manages the model, can withdraw it.";
  }
  return undefined;
}
