/** `talk.ts serve|ask tcp|udp HOST PORT`: a server that answers once each time, or the question to it. */
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

const [what = "", protocol = "", host = "", port = ""] = process.argv.slice(2);
const word = "hello";

if (protocol === "udp") {
  const socket = createSocket("udp4");
  if (what === "serve") {
    socket.on("message", (_text, from) => socket.send(word, from.port, from.address));
    socket.bind(Number(port), host, () => process.stdout.write("ready\n"));
  } else {
    socket.on("message", (text) => {
      process.stdout.write(text);
      socket.close();
    });
    socket.send("?", Number(port), host);
    setTimeout(() => process.exit(1), 3000).unref();
  }
} else if (what === "serve") {
  createServer((socket) => socket.end(word)).listen(Number(port), host, () => process.stdout.write("ready\n"));
} else {
  const socket = connect(Number(port), host, () => undefined);
  socket.setTimeout(3000, () => process.exit(1));
  socket.on("error", () => process.exit(1));
  socket.on("data", (text) => process.stdout.write(text));
}
