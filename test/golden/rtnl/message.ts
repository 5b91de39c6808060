/** Visits each netlink message (struct nlmsghdr of linux/netlink.h) in a buffer. */
export function forEachMessage(buffer: Uint8Array, visit: (message: Uint8Array) => void): void {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  for (let at = 0; at + 16 <= buffer.length;) {
    const length = view.getUint32(at, true);
    if (length < 16 || at + length > buffer.length) throw new Error(`a message claims ${length} bytes at ${at}`);
    visit(buffer.slice(at, at + length));
    at += (length + 3) & ~3;
  }
}
