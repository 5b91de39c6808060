import { AF, type Fd, type NsFd, SysError, receive, send, setOption } from "../sys/index.ts";
import { type Family, type Ip, ipToBytes } from "../values/index.ts";
import { openIcmp } from "./icmp-socket.ts";
import { type Arrival, EchoRequest, ICMP4, ICMP6, type Stamp, readArrival } from "./packet.ts";

const IPPROTO_IP = 0;
const IPPROTO_IPV6 = 41;
/** linux/in.h, linux/in6.h. */
const IP_MTU_DISCOVER = 10;
const IPV6_MTU_DISCOVER = 23;
const IPV6_DONTFRAG = 62;
/**
 * `IP_PMTUDISC_PROBE`: always "don't fragment", and only the device's MTU limits us (EMSGSIZE). With
 * `IP_PMTUDISC_DO` the kernel would hold back big packets by what it learnt before, for ten minutes: the same question
 * would get another answer the second time, and a repaired path would still look broken.
 */
const PMTUDISC_PROBE = 3;

/** The answers to echo requests, and ICMP errors. */
const wanted: Readonly<Record<Family, readonly number[]>> = {
  4: [ICMP4.ECHO_REPLY, ICMP4.UNREACHABLE, ICMP4.TIME_EXCEEDED, ICMP4.PARAMETER],
  6: [ICMP6.UNREACHABLE, ICMP6.TOO_BIG, ICMP6.TIME_EXCEEDED, ICMP6.PARAMETER, ICMP6.ECHO_REPLY],
};

/** Answers may be as large as a packet can be; one buffer serves all, for reading is synchronous. */
const inbox = new Uint8Array(65535);

/**
 * A raw ICMP socket of one family in one namespace, that sends echo requests and hears only the answers to echo
 * requests and ICMP errors: the kernel drops everything else before it costs anything.
 */
export class EchoSocket implements Disposable {
  readonly fd: Fd;
  readonly #family: Family;
  readonly #stamp: Stamp;
  readonly #request: EchoRequest;

  /** Opens it inside `netns`. @throws {SysError} EPERM without CAP_NET_RAW there, EAFNOSUPPORT without that family */
  constructor(netns: NsFd, family: Family, stamp: Stamp, size: number) {
    this.#family = family;
    this.#stamp = stamp;
    this.#request = new EchoRequest(family, stamp, size);
    this.fd = openIcmp(netns, family, wanted[family]);
    try {
      this.#configure();
    } catch (error) {
      this.fd.close();
      throw error;
    }
  }

  #configure(): void {
    if (this.#family === 4) {
      setOption(this.fd, IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_PROBE);
      return;
    }
    setOption(this.fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_PROBE);
    setOption(this.fd, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
  }

  /** Sends one request: 0, or minus errno with which the kernel refused. */
  ask(to: Uint8Array, sequence: number, probe: number): number {
    return send(this.fd, this.#request.next(sequence, probe), to);
  }

  /** The next arrival that concerns us, without waiting; `undefined` when there is none left. */
  take(): Arrival | undefined {
    for (;;) {
      const length = this.#receive();
      if (length === undefined) return undefined;
      const arrival = readArrival(this.#family, inbox, length, this.#stamp);
      if (arrival !== undefined) return arrival;
    }
  }

  #receive(): number | undefined {
    for (;;) {
      try {
        return receive(this.fd, inbox, false);
      } catch (error) {
        // An error that arrived for an earlier request may be reported here once; what it says also comes as a packet.
        if (!(error instanceof SysError && REPORTED.has(error.code))) throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}

const REPORTED = new Set(["EHOSTUNREACH", "ENETUNREACH", "ECONNREFUSED", "EMSGSIZE", "EPROTO", "EACCES", "ENETDOWN"]);

/** `struct sockaddr_in` (16 bytes) or `sockaddr_in6` (28 bytes) of an address, port 0. */
export function socketAddress(ip: Ip): Uint8Array {
  const octets = ipToBytes(ip);
  const address = new Uint8Array(octets.length === 4 ? 16 : 28);
  const family = new Uint16Array([octets.length === 4 ? AF.INET : AF.INET6]);
  address.set(new Uint8Array(family.buffer));
  address.set(octets, octets.length === 4 ? 4 : 8);
  return address;
}
