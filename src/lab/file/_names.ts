import * as z from "zod";

/** Linux's `HOST_NAME_MAX`, less what keeps a name one DNS label (RFC 1035 section 2.3.4). */
const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/;
const hostNameRule =
  "a name is 1 to 63 letters, digits, dashes and dots and begins and ends with a letter or digit, so that it can be a host name and a file name";

/** Of a lab: every object of it carries it. */
export const labName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/,
    "a lab's name is 1 to 32 small letters, digits and dashes and begins and ends with a letter or digit",
  );
/** Of a node, a pod or a LAN. */
export const memberName = z.string().regex(hostName, hostNameRule);
