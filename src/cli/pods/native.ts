/** What `netloom pods` does, loaded as one: each file that is asked for by itself would cut what it shares with others into pieces. */
export { connectPods } from "./connect-pods.ts";
export { createPods } from "./create-pods.ts";
export { removePods } from "./delete-pods.ts";
export { joinNodes } from "./join-nodes.ts";
export { nodeOf } from "./modern.ts";
export { areUp, podsView } from "./view.ts";
