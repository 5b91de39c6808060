/**
 * Where labs' states live, as `stateRoot` of lab/places.ts says (a test compares them), without what that room loads:
 * `exec` needs nothing else of it.
 */
export function stateRootOf(env: Readonly<Record<string, string | undefined>>, uid: number): string {
  const given = env["NETLOOM_STATE_DIR"];
  if (given !== undefined && given !== "") return given;
  if (uid === 0) return "/run/netloom";
  const runtime = env["XDG_RUNTIME_DIR"];
  return runtime === undefined || runtime === "" ? `/tmp/netloom-${uid}` : `${runtime}/netloom`;
}
