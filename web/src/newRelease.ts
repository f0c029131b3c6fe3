const RELOADED = "moorage-reloaded";

/**
 * Loads the page again because a file of its release is gone: a deployment has replaced it. `release` names the release
 * that this page is of. If the file is missing in the new release too, the page is not loaded again and again. While
 * the registry cannot be reached, no file is gone, and the page stays as it is.
 */
export async function loadNewRelease(
  release: string,
  storage: Storage,
  reachable: () => Promise<boolean>,
  reload: () => void,
): Promise<void> {
  if (storage.getItem(RELOADED) === release || !(await reachable())) {
    return;
  }
  // Several files may be missed at once.
  if (storage.getItem(RELOADED) !== release) {
    storage.setItem(RELOADED, release);
    reload();
  }
}
