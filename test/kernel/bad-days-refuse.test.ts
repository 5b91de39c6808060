/** What stands in a lab's way before anything is made: full disks, broken state, others' names, locks, missing rights and features. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downByName, listLabs, load, open, placesOf } from "../../src/lab/index.ts";
import { createNetns, deleteNetns } from "../../src/netns/index.ts";
import { eventually } from "../eventually.ts";
import { host, labErrorFrom, overlay, reaches, small } from "./lab-host.ts";
import { lacks, pair, socket } from "./rtnl-witness.ts";
import { delQdisc, putQdisc } from "../../src/rtnl/index.ts";

let clean: unknown;
beforeAll(() => {
  createNetns([{ name: "first", hostname: "first" }]);
  deleteNetns("first");
  mkdirSync("/run/netloom", { mode: 0o700 });
  clean = host();
});
afterEach(async () => {
  for (const name of listLabs()) await open(name).down();
  expect(host()).toEqual(clean);
});

function sh(line: string): string {
  const run = Bun.spawnSync(["sh", "-ec", line], { stdin: "ignore", stderr: "pipe" });
  if (!run.success) throw new Error(`${line}: ${run.stderr.toString()}`);
  return run.stdout.toString().trim();
}

describe("a state folder", () => {
  const disk = mkdtempSync(join(tmpdir(), "netloom-disk-"));
  beforeAll(() => {
    process.env["NETLOOM_STATE_DIR"] = disk;
  });
  afterAll(() => {
    delete process.env["NETLOOM_STATE_DIR"];
    rmSync(disk, { recursive: true });
  });
  /** Runs with the state on a disk of its own. */
  async function onDisk(body: () => Promise<void>): Promise<void> {
    sh(`mount -t tmpfs -o size=64k none ${disk}`);
    try {
      await body();
    } finally {
      sh(`umount ${disk}`);
    }
  }
  /** Leaves so many pages. */
  const fill = (pages: number): void => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "filler"), Buffer.alloc((bavail - pages) * bsize, 1));
  };

  test.each([0, 1, 2])("with %d pages left cannot take the journal: nothing is made", (pages) =>
    onDisk(async () => {
      fill(pages);
      const error = await labErrorFrom(load(overlay).up());
      expect(error.code).toBe("failed");
      expect(error.message).toStartWith("the state of lab bad cannot be written down, so nothing was changed: ");
      expect(error.message).toContain("No space left on device (ENOSPC");
      expect(error.message).toContain(`make room in ${disk}/bad, or set NETLOOM_STATE_DIR to another folder`);
      expect(sh("ls /run/netns")).toBe("");
      expect(sh(`ls ${disk}`)).toBe("filler");
    }),
  );

  test("that is full lets a lab be as it is, and go", () =>
    onDisk(async () => {
      const lab = load(small);
      await lab.up();
      const state = lab.state();
      fill(0);
      const error = await labErrorFrom(load({ ...small, pods: { count: 40, name: "<node>p%d" } }).up());
      expect(error.message).toContain("nothing was changed");
      expect(lab.state()).toEqual(state);
      expect(existsSync(placesOf("bad").journal)).toBe(false);
      expect(await reaches(lab)).toBe(true);
      await lab.down();
      expect(sh(`ls ${disk}`)).toBe("filler");
    }));

  test("that is read-only is an error that says where", () =>
    onDisk(async () => {
      sh(`mount -o remount,bind,ro ${disk}`);
      const error = await labErrorFrom(load(small).up());
      expect(error.code).toBe("denied");
      expect(error.message).toContain("Read-only file system (EROFS");
      expect(error.message).toContain(`see to it that ${disk}/bad can be written`);
    }));

  test("that became read-only keeps its lab until it can be written again", () =>
    onDisk(async () => {
      const lab = load(small);
      await lab.up();
      sh(`mount -o remount,bind,ro ${disk}`);
      expect((await labErrorFrom(lab.down())).code).toBe("denied");
      expect(await reaches(lab)).toBe(true);
      sh(`mount -o remount,bind,rw ${disk}`);
      await lab.down();
    }));

  test("whose parent is missing", async () => {
    process.env["NETLOOM_STATE_DIR"] = join(disk, "no/such");
    try {
      const error = await labErrorFrom(load(small).up());
      expect(error.code).toBe("failed");
      expect(error.message).toContain(`make folder ${disk}/no/such: No such file or directory`);
    } finally {
      process.env["NETLOOM_STATE_DIR"] = disk;
    }
  });

  const broken: readonly (readonly [string, string])[] = [
    ["that is empty", ""],
    ["that is no JSON", '{"schemaVersion":1,"name":"ba'],
    ["of another version", '{"schemaVersion":99}'],
  ];
  test.each(broken)("with a state %s: refused, and left as it is", async (_, text) => {
    const lab = load(small);
    await lab.up();
    const places = placesOf("bad");
    const good = readFileSync(places.state, "utf8");
    writeFileSync(places.state, text);
    for (const doing of [lab.up(), lab.down(), downByName("bad")]) {
      const error = await labErrorFrom(doing);
      expect(error.code).toBe("conflict");
      expect(error.message).toContain(`${places.state} is not a state file of this netloom version`);
      expect(error.message).toContain("netloom cleanup");
    }
    expect(readFileSync(places.state, "utf8")).toBe(text);
    expect(listLabs()).toEqual(["bad"]);
    writeFileSync(places.state, good);
    expect((await lab.up()).ops).toEqual([]);
    await lab.down();
  });

  test("with a folder in place of the state", async () => {
    const places = placesOf("bad");
    mkdirSync(places.state, { recursive: true });
    const error = await labErrorFrom(load(small).up());
    expect(error.code).toBe("failed");
    expect(error.message).toContain(`read the state of a lab from ${places.state}: EISDIR`);
    rmSync(places.folder, { recursive: true });
  });
});

describe("a name that is taken", () => {
  const refused = async (): Promise<string> => {
    const before = host();
    const error = await labErrorFrom(load(small).up());
    expect(error.code).toBe("conflict");
    expect(() => load(small).plan()).toThrow(error.message);
    expect(host()).toEqual(before);
    return error.message;
  };

  test("by a namespace of `ip netns add`", async () => {
    sh("ip netns add bad-n1p1");
    expect(await refused()).toBe(
      "the namespace bad-n1p1 exists and was not made by netloom; it was left untouched: rename the lab, or remove it with 'ip netns del bad-n1p1' if nobody needs it",
    );
    sh("ip netns del bad-n1p1");
  });

  test("by another owner", async () => {
    sh("ip netns add bad-n1p1; ip -n bad-n1p1 link set lo alias netloom:other");
    expect(await refused()).toContain("bad-n1p1 exists and belongs to netloom:other");
    sh("ip netns del bad-n1p1");
  });

  test("by a file", async () => {
    writeFileSync("/run/netns/bad-n1p1", "precious");
    expect(await refused()).toContain("/run/netns/bad-n1p1 exists, no namespace is behind it");
    expect(readFileSync("/run/netns/bad-n1p1", "utf8")).toBe("precious");
    rmSync("/run/netns/bad-n1p1");
  });

  test("after the lab was made: down leaves it and says so", async () => {
    const lab = load(small);
    await lab.up();
    sh("ip netns del bad-n1p1; ip netns add bad-n1p1; ip -n bad-n1p1 link set lo alias mine");
    expect((await labErrorFrom(lab.up())).code).toBe("conflict");
    const report = await lab.down();
    expect(report.foreign).toEqual(["bad-n1p1"]);
    expect(report.deleted.toSorted()).toEqual(["bad-n1", "bad-n1p2"]);
    expect(sh("ip netns list")).toBe("bad-n1p1");
    sh("ip netns del bad-n1p1; umount /run/utsns/bad-n1p1; rm /run/utsns/bad-n1p1");
  });
});

/** Another netloom at work. */
function another(env: Record<string, string>, ...before: readonly string[]) {
  return Bun.spawn([...before, process.execPath, join(import.meta.dir, "_up.ts")], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    env: { ...process.env, ...env },
  });
}

interface Outcome {
  readonly code?: string;
  readonly name?: string;
  readonly message: string;
}

describe("a lab that another netloom changes", () => {
  const stopped = async () => {
    const other = another({ NETLOOM_TEST_STOP: "3" });
    const status = () => readFileSync(`/proc/${other.pid}/status`, "utf8");
    await eventually("it has stopped itself", () => /^State:\s+T/m.test(status()));
    return other;
  };

  test("is locked, by a process that is named; waiting gets it", async () => {
    const other = await stopped();
    for (const doing of [load(small).up(), load(small).down(), load(small).up({ waitMs: 120 })]) {
      const error = await labErrorFrom(doing);
      expect(error.code).toBe("locked");
      expect(error.message).toBe(
        `lab bad is being changed by another netloom (process ${other.pid}); wait for it, or use --wait 30s`,
      );
    }
    const waiting = load(small).up({ waitMs: 50_000 });
    other.kill("SIGCONT");
    expect(await waiting).toMatchObject({ ops: [], created: false, resumed: false });
    expect(((await other.stdout.json()) as Outcome).code).toBe("up");
  });

  test("is free again when that one is killed", async () => {
    const other = await stopped();
    other.kill("SIGKILL");
    await other.exited;
    expect(await load(small).up()).toMatchObject({ created: false, resumed: true });
    expect(await reaches(load(small))).toBe(true);
  });

  test("is changed by one of many at a time", async () => {
    const labs = Array.from({ length: 4 }, () => load(small).up({ waitMs: 50_000 }));
    const made = (await Promise.all(labs)).filter(({ created }) => created);
    expect(made).toHaveLength(1);
  });
});

describe("missing privilege", () => {
  const folder = mkdtempSync(join(tmpdir(), "netloom-user-"));
  chmodSync(folder, 0o777);
  afterAll(() => rmSync(folder, { recursive: true }));
  const without = (...caps: readonly string[]): readonly string[] => {
    const list = caps.map((cap) => `-${cap}`).join(",");
    return ["setpriv", `--bounding-set=${list}`, `--inh-caps=${list}`];
  };
  const lesser: readonly (readonly [string, readonly string[]])[] = [
    ["root without CAP_SYS_ADMIN", without("sys_admin")],
    ["root without CAP_NET_ADMIN", without("net_admin")],
    ["root without both", without("sys_admin", "net_admin")],
  ];

  test.each(lesser)("of %s", async (_, command) => {
    const other = another({ NETLOOM_STATE_DIR: folder }, ...command);
    const said = (await other.stdout.json()) as Outcome;
    expect(said).toMatchObject({ name: "LabError", code: "denied" });
    expect(said.message).toMatch(/^bring up lab bad: .*Operation not permitted \(EPERM/);
    expect(said.message).toContain("run it as root, or as an ordinary user let netloom make a user namespace");
    expect(sh(`ls -A ${folder}`)).toBe("");
  });

  test.skipIf(process.getuid?.() !== 0 || sh("cat /proc/self/uid_map").split(/\s+/).at(-1) === "1")(
    "of an ordinary user (needs root with more than one user id)",
    async () => {
      const own = join(folder, "own");
      const other = another({ NETLOOM_STATE_DIR: own }, "setpriv", "--reuid=65534", "--clear-groups");
      const said = (await other.stdout.json()) as Outcome;
      expect(said).toMatchObject({ name: "LabError", code: "denied" });
      expect(said.message).toContain("run it as root");
      expect(sh(`ls -A ${own}`)).toBe("");
    },
  );

  test("to look at a lab", async () => {
    await load(small).up();
    const script = `import { open } from "${import.meta.dir}/../../src/lab/index.ts";
      const lab = open("bad");
      for (const doing of [() => lab.inspect(), () => lab.exec("n1p1", ["true"]), () => lab.test(), () => lab.impair("n1p1", {}), () => lab.down()])
        try { await doing(); console.log("done"); } catch (error) { console.log(error.name, error.code, error.message.split(":")[0]); }`;
    const run = Bun.spawnSync([...without("sys_admin", "net_admin"), process.execPath, "-e", script]);
    expect(run.stdout.toString().trim().split("\n")).toEqual([
      "LabError denied inspect lab bad",
      "LabError denied run true in n1p1",
      "LabError denied test lab bad",
      "LabError denied impair n1p1",
      "LabError denied take down lab bad",
    ]);
    expect(load(small).state()?.phase).toBe("up");
    expect(await reaches(load(small))).toBe(true);
  });
});

const index = pair("nlq0");
const lacksNetem = lacks(() => {
  socket.run(putQdisc({ index, kind: "netem", delay: 1000 }));
  socket.run(delQdisc({ index }));
});
Bun.spawnSync(["ip", "link", "del", "nlq0"]);

describe.skipIf(!lacksNetem)("a missing kernel feature (needs a kernel without CONFIG_NET_SCH_NETEM)", () => {
  test("in a lab's file: nothing is left", async () => {
    const error = await labErrorFrom(load({ ...small, links: [{ on: "n1p1", delay: "20ms" }] }).up());
    expect(error.code).toBe("unsupported");
    expect(error.message).toContain("this kernel lacks CONFIG_NET_SCH_NETEM");
    expect(error.message).toEndWith("everything was undone");
    expect(host()).toEqual(clean);
  });

  test("in a lab that runs: it stays as it was", async () => {
    const lab = load({ ...small, links: [{ on: "n1p2", rate: "10mbit" }] });
    await lab.up();
    const qdiscs = () =>
      [...lab.facts().values()].flatMap(({ links }) =>
        links.flatMap(({ qdisc }) => (qdisc === undefined ? [] : [qdisc])),
      );
    const before = qdiscs();
    expect(before).toHaveLength(2);
    const doing = Promise.try(() => lab.impair("n1p*", { delay: "20ms" }));
    const error = await labErrorFrom(doing);
    expect(error.code).toBe("unsupported");
    expect(error.message).toStartWith("impair n1p*: ");
    expect(error.message).toContain("CONFIG_NET_SCH_NETEM");
    expect(qdiscs()).toEqual(before);
  });
});

describe("of a lab that is not up", () => {
  test("every request says so", async () => {
    const lab = load(small);
    for (const doing of [lab.down(), lab.exec("n1p1", ["true"]), lab.test(), Promise.try(() => open("bad"))]) {
      expect((await labErrorFrom(doing)).code).toBe("not-found");
    }
    expect(lab.inspect().members.every(({ state }) => state === "absent")).toBe(true);
  });

  test("a wrong name gets a suggestion", async () => {
    await load(small).up();
    const error = await labErrorFrom(open("bad").exec("n1q1", ["true"]));
    expect(error).toMatchObject({
      code: "not-matched",
      message: "lab bad has no node, pod or external n1q1; did you mean n1p1?",
    });
  });

  test("a command ends with its code, its signal or not at all", async () => {
    const lab = load(small);
    await lab.up();
    expect(await lab.exec("n1p1", ["sh", "-c", "cat; hostname; exit 7"], { stdin: "in " })).toMatchObject({
      exitCode: 7,
      stdout: "in n1p1\n",
    });
    expect((await lab.exec("n1p1", ["sh", "-c", "kill -TERM $$"])).exitCode).toBe(143);
    const error = await labErrorFrom(lab.exec("n1p1", ["nl-no-such-program"]));
    expect(error.code).toBe("failed");
    expect(error.message).toContain("the command nl-no-such-program cannot be run: ");
  });
});
