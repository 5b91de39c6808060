export { timeOfDay } from "./clock.ts";
export { E, SysError, errno, errnoName, errnoSentence } from "./errno.ts";
export { Fd } from "./fd.ts";
export {
  O,
  createFile,
  fsync,
  identity,
  identityOfFd,
  listDir,
  lockFile,
  makeDir,
  openFile,
  readSmall,
  readWhole,
  removeEmptyFolder,
  removeFile,
  tryOpenFile,
  writeAll,
  writeSmall,
} from "./file.ts";
export { changedAt, makeDirs, publishFile, readFolder, replaceFile, setChangedAt } from "./folder.ts";
export { isEmptyFile, isFile } from "./kind.ts";
export { lockRange } from "./range-lock.ts";
export { MS, bindMount, mount, shareFolder, unmount } from "./mount.ts";
export {
  CLONE,
  type NsFd,
  enterForGood,
  enterNew,
  excursion,
  inside,
  openOwn,
  setHostname,
  stayInOneThread,
  unshareForGood,
} from "./namespace.ts";
export { setTxChecksum, txChecksum } from "./offload.ts";
export {
  alarmAfter,
  changeFolder,
  exec,
  exitNow,
  onSomeProcessor,
  raiseFileLimit,
  signal,
  workingFolder,
} from "./process.ts";
export {
  AF,
  SO,
  SOCK,
  SOL,
  bindTo,
  duplicate,
  interfaceIndex,
  interfaceName,
  openSocket,
  poll,
  receive,
  send,
  setOption,
  setOptionBytes,
  unsent,
} from "./socket.ts";
export { readToEnd, writeText } from "./stream.ts";
export { terminalColumns } from "./terminal.ts";
export { type Tun, makeTun } from "./tun.ts";
export { connectTo, readWithin } from "./unix.ts";
export { readSysctl, writeSysctl } from "./sysctl.ts";
