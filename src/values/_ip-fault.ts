/** What is wrong with a text that is no address, and what to write instead. */
export function ipFault(text: string): string {
  if (text === "") return "it is empty; write one like 10.0.0.1 or fd00::1";
  if (/\s/.test(text)) return "it contains white space; remove it";
  if (text.includes("/")) return "it has a prefix length; leave out the part from the slash on";
  if (text.includes("%"))
    return 'zone ids are not part of an address; remove the part from "%" on and name the interface apart';
  if (/^\[.*\]$/.test(text)) return "remove the brackets";
  if (text.includes(":"))
    return "IPv6 is eight groups of one to four hex digits, one run of zero groups may be ::, like fd00::1";
  if (/(^|\.)0[0-9]/.test(text)) return "octets have no leading zeros, some programs read them as octal; remove them";
  if (/^\d+(\.\d+){3}$/.test(text)) return "each octet is at most 255";
  return "write four decimal octets like 10.0.0.1, or IPv6 like fd00::1";
}
