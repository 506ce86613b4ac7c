// Where a growing recording comes from: a machine that runs now.

import { connectLive, isLocal } from './source-live';
import type { Carried } from './source';

/** cut: the connection has ended before the kernel's last line; full: the page takes no more events. */
export type FeedState = 'connecting' | 'running' | 'ended' | 'cut' | 'refused' | 'full';

export interface Feed {
	data: Carried; // all but the lines
	where: string; // what it is connected to, for messages
	/**
	 * CHANGED is called with each piece of text, and with each new state; with UNTIL, all events after that one have not happened.
	 * => a function that ends it
	 */
	start(changed: (text: string, state: FeedState, until?: number) => void): () => void;
}

/** => the machine at URL, if that is on this computer; DATA: what the page carries */
export function liveFeed(url: string | undefined, data: Carried | null): Feed | null {
	if (!url || !isLocal(url))
		return null;
	return { data: data ?? { title: url, trace: '', sites: {}, sources: {} }, where: url, start: (changed) => connectLive(url, changed) };
}
