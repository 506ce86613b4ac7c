// A machine that runs now: QEMU serves its debug console as a WebSocket, a byte a message. QEMU waits when the page is slow, so
// nothing is lost. The bytes are collected and passed on a few times in a second.

import type { FeedState } from './feed';

const EVERY_MS = 200;

/**
 * Connects to URL. CHANGED is called with each piece of text and each state that is not the one before: `refused` if nothing
 * answers, `cut` when the connection has ended.
 */
export function connectLive(url: string, changed: (text: string, state: FeedState) => void): () => void {
	const socket = new WebSocket(url, ['binary']);
	const decoder = new TextDecoder();
	let text = '', state: FeedState = 'connecting';
	const flush = () => {
		if (text)
			changed(text, state);
		text = '';
	};
	const timer = setInterval(flush, EVERY_MS);
	socket.binaryType = 'arraybuffer';
	socket.onopen = () => changed('', (state = 'running'));
	socket.onmessage = (message) => (text += decoder.decode(message.data as ArrayBuffer, { stream: true }));
	socket.onclose = () => {
		clearInterval(timer);
		flush();
		changed('', state === 'connecting' ? 'refused' : 'cut');
	};
	return () => socket.close();
}

/** => may the page connect there? Only to this computer. */
export const isLocal = (url: string) => /^ws:\/\/(127\.0\.0\.1|localhost):\d+\/?$/.test(url);
