// What the page carries of the machine: kernel, disk, processor, each deflated, in elements of its own; and how it is started.

import type { Setting } from './machine';
import type { FromMachine, ToMachine } from './messages';

const PAGE = 4096;

/** => the bytes in the element ID */
async function carriedBytes(id: string): Promise<ArrayBuffer> {
	const packed = Uint8Array.from(atob(document.getElementById(id)!.textContent!.trim()), (c) => c.charCodeAt(0));
	return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer();
}

/** => a swap disk with so many slots; the first page is its header */
export function swapDisk(slots: number): ArrayBuffer {
	const disk = new ArrayBuffer((slots + 1) * PAGE), header = new DataView(disk, 1024);
	[1, slots, 0].forEach((value, i) => header.setUint32(4 * i, value, true));
	new Uint8Array(disk, PAGE - 10, 10).set(new TextEncoder().encode('SWAPSPACE2'));
	return disk;
}

export interface Running { say(message: ToMachine): void; end(): void }

/** Starts a machine in a worker. HEARD gets what it says. */
export async function startMachine(setting: Setting, slots: number, heard: (message: FromMachine) => void): Promise<Running> {
	const [program, kernel, root, wasm] = await Promise.all(['worker', 'kernel', 'root', 'wasm'].map(carriedBytes)) as [ArrayBuffer, ArrayBuffer, ArrayBuffer, ArrayBuffer];
	const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
	const worker = new Worker(url);
	worker.onmessage = (message: MessageEvent<FromMachine>) => heard(message.data);
	worker.onerror = (error) => heard({ is: 'failed', text: error.message || 'the browser does not allow a worker here' });
	const say = (message: ToMachine) => worker.postMessage(message);
	say({ do: 'start', parts: { kernel, root, wasm, swap: slots ? swapDisk(slots) : new ArrayBuffer(0) }, setting });
	return { say, end: () => (worker.terminate(), URL.revokeObjectURL(url)) };
}
