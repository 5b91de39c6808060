import { expect, test } from "bun:test";
import { listLinks, watch } from "../../src/rtnl/index.ts";
import { listDir } from "../../src/sys/index.ts";
import { eventually } from "../eventually.ts";
import { shown } from "./rtnl-witness.ts";
import { batch, gone, ns, socket, there, toggles } from "./watch-scratch.ts";

test("an abort ends a waiting reader", async () => {
  const controller = new AbortController();
  const events = watch({ ns, signal: controller.signal });
  const ended = events.next();
  await Bun.sleep(20);
  controller.abort();
  expect(await ended).toEqual({ done: true, value: undefined });
  expect(await events.next()).toEqual({ done: true, value: undefined });
  expect(await watch({ ns, signal: controller.signal }).next()).toEqual({ done: true, value: undefined });
});

test("an abort is heard in the middle of a flood", async () => {
  const [end, stop] = [new AbortController(), new AbortController()];
  const flood = batch(toggles(20_000), { whole: false, signal: stop.signal });
  let told = 0;
  // A timer gets its turn although there is always something to tell.
  for await (const _ of watch({ ns, link: true, signal: end.signal }))
    if (++told === 100) setTimeout(() => end.abort());
  expect(told).toBeGreaterThanOrEqual(100);
  expect(told).toBeLessThan(20_000);
  stop.abort();
  await flood;
});

test.each(["waiting", "elsewhere"])("after an overrun while the reader is %s the tables are right", async (state) => {
  using events = watch({ ns, link: true, queueBytes: 32_768 });
  const names = Array.from({ length: 20 }, (_, i) => `o${i}`);
  const read = (): Map<number, string> => new Map(socket.dump(listLinks()).map(({ index, name }) => [index, name]));
  let links = read();
  let lost = 0;
  const follow = async (): Promise<true> => {
    for await (const event of events) {
      if ("lost" in event) {
        lost++;
        links = read();
      } else if (event.event === "link") {
        if (event.action === "new") links.set(event.link.index, event.link.name);
        else links.delete(event.link.index);
        if (gone("end")(event)) break;
      }
      if (lost < 3) Bun.sleepSync(2); // too slow for what comes
    }
    return true;
  };
  const flood = [
    ...names.map((name) => `link add ${name} type bridge`),
    ...toggles(3000),
    ...names.slice(10).map((name) => `link del ${name}`),
  ];
  const early = state === "waiting" ? follow() : undefined;
  await batch(flood);
  const late = early ?? follow();
  // A reader that has caught up is told again: it hears an ending.
  do {
    there("link add end type bridge");
    there("link del end");
  } while (!(await Promise.race([late, Bun.sleep(200)])));
  expect(lost).toBeGreaterThan(0);
  const witness = shown<{ readonly ifname: string }>("ip", "-j", "-n", "scratch", "link", "show");
  expect([...links.values()].toSorted()).toEqual(witness.map(({ ifname }) => ifname).toSorted());
  await batch(names.slice(0, 10).map((name) => `link del ${name}`));
});

test("leaves no descriptor and no thread behind", async () => {
  const count = (what: "fd" | "task"): number => listDir(`/proc/self/${what}`).length;
  const round = async (index: number): Promise<void> => {
    const controller = new AbortController();
    const events = watch({ ns, link: true, signal: controller.signal, ...(index % 2 === 0 ? {} : { queueBytes: 1 }) });
    const first = events.next();
    if (index % 4 === 3) await Bun.sleep(1); // otherwise it ends while it begins
    if (index % 3 > 0) {
      await batch(toggles(30));
      await first;
    }
    if (index % 3 === 2) {
      // A short queue may have been lost whole by now, and told as that: then nothing more is in it.
      const more = batch(toggles(2));
      for await (const _ of events) break;
      await more;
    } else if (index % 3 === 1) events[Symbol.dispose]();
    else controller.abort();
    await first;
  };
  for (let warm = 0; warm < 4; warm++) await round(warm);
  const [fds, threads] = [count("fd"), count("task")];
  for (let index = 0; index < 20; index++) await round(index);
  // Bun closes those of a process that has ended by and by.
  await eventually("no more descriptors than before", () => count("fd") <= fds);
  // Bun may add one to its own pool meanwhile; one of ours per round would be 20.
  await eventually("no more threads than before", () => count("task") < threads + 4);
});

test.each([
  ["was never read", "watch()"],
  ["was left", "for await (const _ of watch()) break"],
  ["was aborted", "await watch({ signal: AbortSignal.timeout(50) }).next()"],
])("a program whose subscription %s ends by itself", async (_, body) => {
  const rtnl = new URL("../../src/rtnl/index.ts", import.meta.url).pathname;
  const change = `setTimeout(() => Bun.spawnSync(["ip", "link", "add", "p${Date.now() % 10_000}", "type", "bridge"]), 100)`;
  const source = `import { watch } from ${JSON.stringify(rtnl)}; ${change}; ${body}; console.log("end");`;
  const child = Bun.spawn([process.execPath, "-e", source], { stdout: "pipe", timeout: 30_000 });
  expect(await new Response(child.stdout).text()).toBe("end\n");
  expect(await child.exited).toBe(0);
});
