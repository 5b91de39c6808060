/** The program that impair.test.ts tests: `transfer.ts` receives, `transfer.ts ADDRESS` sends 256 KiB and prints how many milliseconds that took. */
export {};

const size = 1 << 18;
const port = 9000;
const [address] = process.argv.slice(2);

if (address === undefined) {
  Bun.listen<{ received: number }>({
    hostname: "::",
    port,
    socket: {
      open: (socket) => void (socket.data = { received: 0 }),
      data: (socket, bytes) => {
        socket.data.received += bytes.length;
        if (socket.data.received === size) socket.write("thanks");
      },
    },
  });
} else {
  let [start, sent] = [0, 0];
  const more = (socket: { write(bytes: Uint8Array): number }): void =>
    void (sent += socket.write(new Uint8Array(size - sent)));
  const connect = () =>
    Bun.connect({
      hostname: address,
      port,
      socket: {
        open: (socket) => {
          start = performance.now();
          more(socket);
        },
        drain: more,
        data: () => {
          process.stdout.write(`${performance.now() - start}`);
          process.exit();
        },
      },
    });
  let tries = 0;
  const again = (error: unknown): void => {
    if (++tries === 100) throw error;
  };
  // The receiver may not listen yet.
  while (!(await connect().catch(again))) await Bun.sleep(50);
}
