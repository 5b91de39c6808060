/** scripts/setup, the first step of `npm start` and `npm test`: what it installs, by which npm, and what it asks of whom. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const folder = mkdtempSync(join(tmpdir(), "netloom-setup-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The only programs on PATH. Those that would change something say in the log what they were called with. */
const bin = join(folder, "bin");
const log = join(folder, "log");
const checkout = join(folder, "checkout");

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** What npm does, as far as it matters: Bun is there, and its own lock file is written last. */
const npmWorks = `echo "$(basename "$0") $*" >>${log}
mkdir -p node_modules/@oven/bun-linux-x64/bin
cp /bin/true node_modules/@oven/bun-linux-x64/bin/bun
touch node_modules/.package-lock.json`;

function setup(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  writeFileSync(log, "");
  const run = Bun.spawnSync(["/bin/sh", join(checkout, "scripts/setup"), ...args], { env: { PATH: bin, ...env } });
  const said = run.stdout.toString() + run.stderr.toString();
  return { code: run.exitCode, said, called: readFileSync(log, "utf8").split("\n").filter(Boolean) };
}

beforeEach(() => {
  rmSync(bin, { recursive: true, force: true });
  rmSync(checkout, { recursive: true, force: true });
  mkdirSync(bin);
  mkdirSync(join(checkout, "scripts"), { recursive: true });
  for (const name of ["readlink", "dirname", "basename", "touch", "mkdir", "cp", "echo"])
    symlinkSync(Bun.which(name) ?? "", join(bin, name));
  copyFileSync(join(root, "scripts/setup"), join(checkout, "scripts/setup"));
  copyFileSync(join(root, "package-lock.json"), join(checkout, "package-lock.json"));
  program("npm", npmWorks);
});

describe("the npm packages", () => {
  const install = "install --no-save --no-audit --no-fund --loglevel=error --include=dev --include=optional";

  test("are installed once, without a change of the lock file", () => {
    expect(setup({})).toEqual({ code: 0, said: "netloom: installing the npm packages\n", called: [`npm ${install}`] });
    expect(setup({})).toEqual({ code: 0, said: "", called: [] });
  });

  test("are installed again when the lock file is newer", () => {
    setup({});
    Bun.spawnSync(["touch", "-d", "+1 minute", join(checkout, "package-lock.json")]);
    expect(setup({}).called).toEqual([`npm ${install}`]);
  });

  test("are installed by the npm that runs this, not by another on PATH", () => {
    program("some-node", npmWorks);
    const npm = { npm_execpath: "/elsewhere/npm-cli.js", npm_node_execpath: join(bin, "some-node") };
    expect(setup(npm).called).toEqual([`some-node /elsewhere/npm-cli.js ${install}`]);
  });

  test("that cannot be installed are a failure", () => {
    program("npm", "echo no network >&2; exit 7");
    expect(setup({})).toMatchObject({ code: 7, said: expect.stringContaining("no network") });
  });
});

describe("the Debian packages of the tests", () => {
  // Neither is where setup looks besides PATH: /usr/sbin, /sbin and /usr/lib/cni.
  const line = /^apt-get install --yes --no-install-recommends .*\bstrace\b.*\bsocat\b/;
  const user = () => program("id", "echo 1000");
  const superuser = () => program("id", "echo 0");

  test("are named to an ordinary user, in the one line that root must run", () => {
    user();
    program("apt-get", `echo "apt-get $*" >>${log}`);
    const { code, said, called } = setup({}, "test");
    expect([code, called.slice(1)]).toEqual([1, []]);
    const [asks = "", command = ""] = said.trimEnd().split("\n").slice(-2);
    expect(asks).toBe("netloom: the tests need some Debian packages; root must run this line once:");
    expect(command.trim()).toMatch(line);
  });

  test("are installed by root; package lists are fetched only where that fails", () => {
    superuser();
    program("apt-get", `echo "apt-get $*" >>${log}`);
    const { code, called } = setup({}, "test");
    expect([code, called.length]).toEqual([0, 2]);
    expect(called[1]).toMatch(line);
    program(
      "apt-get",
      `echo "apt-get $*" >>${log}; case $1 in update) touch ${folder}/lists;; *) test -e ${folder}/lists;; esac`,
    );
    const again = setup({}, "test");
    expect([again.code, again.called.map((each) => each.split(" ")[1])]).toEqual([0, ["install", "update", "install"]]);
  });

  test("are named where there is no apt-get", () => {
    superuser();
    const { code, said } = setup({}, "test");
    expect(code).toBe(1);
    expect(said).toMatch(/the tests need the programs of these \(Debian\) packages: .*\bstrace\b/);
  });
});
