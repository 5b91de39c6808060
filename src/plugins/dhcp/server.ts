/** The daemon's socket. */
import { CniError, codes } from "../../cni/index.ts";
import { O, lockFile, makeDirs, openFile, removeFile } from "../../sys/index.ts";
import type { Daemon } from "./daemon.ts";

/** A question longer than this is a mistake. */
const LONGEST = 1 << 20;

interface Guest {
  text: string;
  gone: boolean;
}

/** Serves until it is disposed. A socket that a daemon which was killed left behind is taken over. */
export class Server implements Disposable {
  readonly #path: string;
  readonly #stop: () => void;

  private constructor(path: string, stop: () => void) {
    this.#path = path;
    this.#stop = stop;
  }

  /** @throws {CniError} 101 when another daemon has the socket; {SysError} */
  static open(path: string, daemon: Daemon): Server {
    makeDirs(path.slice(0, path.lastIndexOf("/")) || "/");
    // The kernel gives the lock up when its holder dies, however that comes about.
    const lock = openFile(`${path}.lock`, O.RDWR | O.CREAT, 0o600);
    if (!lockFile(lock, false)) {
      lock.close();
      throw new CniError(
        codes.exists,
        `another DHCP daemon listens on ${path}`,
        "stop it, or give this one another -socketpath",
      );
    }
    removeFile(path);
    const listener = Bun.listen<Guest>({
      unix: path,
      socket: {
        open: (socket) => {
          socket.data = { text: "", gone: false };
        },
        data: (socket, bytes) => {
          const guest = socket.data;
          guest.text += new TextDecoder().decode(bytes);
          const end = guest.text.indexOf("\n");
          if (guest.text.length > LONGEST) socket.terminate();
          if (end < 0) return;
          const line = guest.text.slice(0, end);
          guest.text = guest.text.slice(end + 1);
          void daemon
            .answer(line, () => guest.gone)
            .then((answer) => {
              if (!guest.gone) socket.end(`${JSON.stringify(answer)}\n`);
            });
        },
        close: (socket) => {
          socket.data.gone = true;
        },
      },
    });
    return new Server(path, () => {
      listener.stop(true);
      lock.close();
    });
  }

  [Symbol.dispose](): void {
    removeFile(this.#path);
    this.#stop();
  }
}
