// A channel to wherever the coordinator is now: its address is asked for before each session, since a coordinator that
// was started again may listen on another port.

import type { ControlChannel } from "@millrace/ports";

/** A channel that can be closed. */
export interface ClosableChannel extends ControlChannel {
  close(): void;
}

/** Say where the coordinator is and how to reach it. */
export interface FollowOptions<Address> {
  /** Look up the coordinator, as in an endpoint file. May reject: the session could not be had. */
  readonly find: () => Promise<Address>;
  readonly open: (address: Address) => ClosableChannel;
  /** Whether two addresses are one. */
  readonly same: (a: Address, b: Address) => boolean;
}

/** Make a channel that follows the coordinator. */
export function followCoordinator<Address>(options: FollowOptions<Address>): ClosableChannel {
  let current: { readonly address: Address; readonly channel: ClosableChannel } | undefined;
  const channel = async (): Promise<ClosableChannel> => {
    const address = await options.find();
    if (current !== undefined && options.same(current.address, address)) return current.channel;
    current?.channel.close();
    current = { address, channel: options.open(address) };
    return current.channel;
  };
  return {
    connect: async (handler) => (await channel()).connect(handler),
    fetchBundle: async (job, sha256) => (current?.channel ?? (await channel())).fetchBundle(job, sha256),
    close: () => current?.channel.close(),
  };
}
