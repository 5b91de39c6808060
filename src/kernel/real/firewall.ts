/** What has to do with rules and with the connections that they follow: a subsystem, and a piece of the program, of its own. */
export { flowSocket, forgetFlows } from "../../conntrack/index.ts";
export { clearForeign, hasChain } from "./nft-clear.ts";
export { missingOwned } from "./nft-missing.ts";
export { deleteOwned, ownersIn, putOwned } from "./nft.ts";
