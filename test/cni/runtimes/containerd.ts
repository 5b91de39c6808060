/** containerd in a scene, with an image made of busybox. */
import type { Box, Said } from "../box.ts";
import { pluginPath } from "../caller.ts";
import { work } from "./scene.ts";

export const socket = `${work}/c.sock`;
export const image = "localhost/box:1";
/** Of the cgroups of its containers, which outlive the box. */
export const cgroupParent = "nl-test";

const settings = `version = 2
root = "${work}/ctd"
state = "${work}/ctd-state"
[grpc]
  address = "${socket}"
[ttrpc]
  address = "${work}/c.ttrpc"
[plugins."io.containerd.internal.v1.opt"]
  path = "${work}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${image}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${pluginPath}"
    conf_dir = "/etc/cni/net.d"
`;

/** A docker-archive of three files: one layer, its configuration, the manifest. */
const archive = `cd ${work}
tar -C fs -cf layer.tar .
hash=$(sha256sum <layer.tar | cut -d' ' -f1)
case $(uname -m) in aarch64) machine=arm64 ;; *) machine=amd64 ;; esac
echo '{"architecture":"'$machine'","os":"linux","config":{"Cmd":["/bin/sleep","600"]},"rootfs":{"type":"layers","diff_ids":["sha256:'$hash'"]}}' >config.json
echo '[{"Config":"config.json","RepoTags":["${image}"],"Layers":["layer.tar"]}]' >manifest.json
tar -cf box.tar manifest.json config.json layer.tar`;

export class Containerd {
  readonly box: Box;

  private constructor(box: Box) {
    this.box = box;
  }

  /** @throws {Error} when it does not answer within ten seconds */
  static async start(box: Box): Promise<Containerd> {
    box.run(["tee", `${work}/config.toml`], { stdin: settings });
    box.start(["sh", "-c", `exec containerd -c ${work}/config.toml >${work}/ctd.log 2>&1`]);
    const started = new Containerd(box);
    const until = performance.now() + 10_000;
    while (started.try("version").code !== 0) {
      if (performance.now() > until) throw new Error(`containerd does not answer:\n${box.read(`${work}/ctd.log`)}`);
      await Bun.sleep(50);
    }
    box.sh(archive);
    for (const namespace of ["default", "k8s.io"])
      started.ctr("-n", namespace, "images", "import", "--snapshotter", "native", `${work}/box.tar`);
    return started;
  }

  try(...words: readonly string[]): Said {
    return this.box.try(["ctr", "-a", socket, ...words]);
  }

  ctr(...words: readonly string[]): string {
    return this.box.run(["ctr", "-a", socket, ...words]);
  }

  /** The process of a container's task, once it runs; `undefined` where it never does. */
  async task(id: string, within = 10_000): Promise<number | undefined> {
    const until = performance.now() + within;
    for (;;) {
      const line = this.ctr("tasks", "ls")
        .split("\n")
        .find((each) => each.startsWith(`${id} `));
      const [, pid, status] = line?.trim().split(/\s+/) ?? [];
      if (status === "RUNNING") return Number(pid);
      if (performance.now() > until) return undefined;
      await Bun.sleep(50);
    }
  }
}
