/** Whether a token works at a time. */
export function tokenState(
  token: { revoked_at: string | null; expires_at: string },
  now: Date,
): "active" | "expired" | "revoked" {
  if (token.revoked_at !== null) {
    return "revoked";
  }
  return new Date(token.expires_at) > now ? "active" : "expired";
}
