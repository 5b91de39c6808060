/** Where networks are configured when nobody says otherwise. */
export const NET_DIR = "/etc/cni/net.d";
/** Where libcni keeps what it remembers. */
export const CACHE_DIR = "/var/lib/cni";
