/** Ways to a server out of a container's namespace. The sockets are opened there and used from anywhere. */
import {
  AF,
  type Fd,
  SOCK,
  SysError,
  bindTo,
  inside,
  openSocket,
  receive,
  send,
  setOption,
  setOptionBytes,
  unsent,
} from "../../sys/index.ts";
import { type Ip, ipToBytes, parseIp } from "../../values/index.ts";
import type { Wire } from "./client.ts";
import { noIp } from "./message.ts";
import { encodeDatagram, payloadFor } from "./packet.ts";

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
const BROADCAST = parseIp("255.255.255.255");

/** linux/if_packet.h, linux/if_ether.h. */
const AF_PACKET = 17;
const ETH_P_IP = 0x0800;

/** Options of asm-generic/socket.h. */
const SOL_SOCKET = 1;
const SO = { REUSEADDR: 2, BROADCAST: 6, BINDTODEVICE: 25 } as const;

/** While the interface has no address: whole packets to everybody, and all that come in. @throws {SysError} */
export function packetWire(netns: Fd, index: number): Wire {
  const socket = inside(netns, () => openSocket("open a packet socket", AF_PACKET, SOCK.DGRAM, 0));
  return guarded(socket, () => {
    bindTo("bind a packet socket", socket, linkAddress(index));
    const everybody = linkAddress(index, new Uint8Array(6).fill(0xff));
    return wireOf(
      socket,
      (message) =>
        encodeDatagram({ from: noIp, to: BROADCAST, fromPort: CLIENT_PORT, toPort: SERVER_PORT, payload: message }),
      everybody,
      (packet) => payloadFor(packet, CLIENT_PORT),
    );
  });
}

/** With the address: to one server, or to all. @throws {SysError} */
export function udpWire(netns: Fd, ifname: string, address: Ip, server: Ip = BROADCAST): Wire {
  const socket = inside(netns, () => openSocket("open a UDP socket", AF.INET, SOCK.DGRAM, 0));
  return guarded(socket, () => {
    setOption(socket, SOL_SOCKET, SO.REUSEADDR, 1);
    setOption(socket, SOL_SOCKET, SO.BROADCAST, 1);
    setOptionBytes(socket, SOL_SOCKET, SO.BINDTODEVICE, new TextEncoder().encode(`${ifname}\0`));
    bindTo("bind a UDP socket", socket, inetAddress(address, CLIENT_PORT));
    return wireOf(
      socket,
      (message) => message,
      inetAddress(server, SERVER_PORT),
      (payload) => payload,
    );
  });
}

function guarded(socket: Fd, make: () => Wire): Wire {
  try {
    return make();
  } catch (error) {
    socket.close();
    throw error;
  }
}

function wireOf(
  socket: Fd,
  pack: (message: Uint8Array) => Uint8Array,
  to: Uint8Array,
  unpack: (packet: Uint8Array) => Uint8Array | undefined,
): Wire {
  const buffer = new Uint8Array(65536);
  return {
    send(message) {
      const refused = send(socket, pack(message), to);
      if (refused < 0) throw new SysError("sendto", -refused, "send to the DHCP server");
    },
    receive() {
      for (;;) {
        const length = receive(socket, buffer, false);
        if (length === undefined) return undefined;
        const payload = unpack(buffer.subarray(0, Math.min(length, buffer.length)));
        if (payload !== undefined) return payload.slice();
      }
    },
    isSent: () => unsent(socket) === 0,
    [Symbol.dispose]: () => socket.close(),
  };
}

/** struct sockaddr_ll of linux/if_packet.h. */
function linkAddress(index: number, mac = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETH_P_IP);
  view.setInt32(4, index, true);
  view.setUint8(11, mac.length);
  bytes.set(mac, 12);
  return bytes;
}

/** struct sockaddr_in of linux/in.h. */
function inetAddress(ip: Ip, port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF.INET, true);
  view.setUint16(2, port);
  bytes.set(ipToBytes(ip), 4);
  return bytes;
}
