const WORDS: Record<string, string> = {
  "version.transitioned": "the version moved to the target's stage",
  "alias.set": "the target's alias was pointed at the version",
  "challenger.promoted": "the challenger became the champion",
  "deployment.opened": "somebody opened it by hand",
  "deployment.failed": "a deployment failed, and the last good version goes back",
  "deployment.rolled_back": "a deployment was rolled back",
};

/** What opened a deployment, in words. An event of a newer registry is named by its type. */
export function causeInWords(eventType: string): string {
  return WORDS[eventType] ?? eventType;
}
