/** Where a program is, by the PATH of this process: runtimes set it for their plugins, and often to less than a shell has. */
export function programOf(name: string): string | undefined {
  return Bun.which(name, { PATH: process.env["PATH"] ?? "" }) ?? undefined;
}

/** That a program is not there, for errors. */
export function notInPath(name: string): string {
  const { PATH } = process.env;
  return PATH === undefined || PATH === ""
    ? `there is no ${name}: PATH is not set`
    : `there is no ${name} in PATH (${PATH})`;
}
