/** What is known of a file's bytes, in words. A kind that this page does not know is shown as the API names it. */
export function proofOf(verified: string): { state: "met" | "waiting"; word: string; title: string } {
  return (
    PROOFS[verified] ?? {
      state: "waiting",
      word: verified,
      title: "This page does not know what this says of the bytes.",
    }
  );
}

const PROOFS: Record<string, { state: "met" | "waiting"; word: string; title: string }> = {
  sha256: { state: "met", word: "verified", title: "S3 computed the SHA-256 of the whole file when it was uploaded." },
  composite: {
    state: "met",
    word: "verified in parts",
    title: "S3 computed the SHA-256 of each part when it was uploaded.",
  },
  declared: { state: "waiting", word: "declared", title: "The file lies elsewhere: nobody has checked its SHA-256." },
};

/** The folder of a path with its slash, and the name. */
export function parts(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf("/") + 1;
  return { folder: path.slice(0, slash), name: path.slice(slash) };
}
