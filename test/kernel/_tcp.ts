/**
 * One end of a TCP connection: `serve ADDRESS` prints its port and answers each line of a number with that number once so many
 * bytes have come after it; `connect ADDRESS PORT` reads numbers, sends that many bytes, and prints the answers.
 */
import { type Socket, connect, createServer } from "node:net";

const [role, host, port] = process.argv.slice(2);

if (role === "serve") {
  const server = createServer(answer).listen({ host, port: 0 }, () => {
    const address = server.address();
    if (typeof address === "object") process.stdout.write(`${address?.port}\n`);
  });
} else {
  const socket = connect({ host, port: Number(port) });
  socket.on("data", (bytes) => process.stdout.write(bytes));
  socket.on("close", () => process.exit(1));
  for await (const line of console) {
    socket.write(`${line}\n`);
    socket.write(Buffer.alloc(Number(line), "x"));
  }
}

function answer(socket: Socket): void {
  let wanted = 0;
  let got = 0;
  let head = "";
  socket.on("data", (bytes: Buffer) => {
    let rest = bytes;
    while (rest.length > 0) {
      if (wanted === 0) {
        const end = rest.indexOf(10);
        head += rest.subarray(0, end < 0 ? rest.length : end).toString();
        if (end < 0) return;
        [wanted, got, head] = [Number(head), 0, ""];
        rest = rest.subarray(end + 1);
      }
      const part = Math.min(rest.length, wanted - got);
      got += part;
      rest = rest.subarray(part);
      if (got < wanted) continue;
      socket.write(`${got}\n`);
      wanted = 0;
    }
  });
}
