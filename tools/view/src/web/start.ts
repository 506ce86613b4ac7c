// What the page carries of the machine: kernel, disk, processor, each packed, in elements of its own; and how it is started.

import { unpack } from './lzma';
import type { Setting } from './machine';
import type { FromMachine, ToMachine } from './messages';

const PAGE = 4096;

/** => the bytes that TEXT stands for: five digits to the base 85 for each four, which are the characters from ( to ~ but < and \ */
export function bytesOf(text: string): Uint8Array {
	const bytes = new Uint8Array((text.length / 5) * 4), view = new DataView(bytes.buffer);
	for (let from = 0, at = 0; from < text.length; at += 4) {
		let word = 0;
		for (let i = 0; i < 5; i++) {
			const code = text.charCodeAt(from++);
			word = word * 85 + code - 40 - (code > 60 ? 1 : 0) - (code > 92 ? 1 : 0);
		}
		view.setUint32(at, word);
	}
	return bytes;
}

/** => the bytes in the element ID, unpacked */
const carriedBytes = (id: string): ArrayBuffer => unpack(bytesOf(document.getElementById(id)!.textContent!)).buffer;

let parts: Record<'program' | 'kernel' | 'root' | 'wasm', ArrayBuffer> | null = null; // unpacked when they are needed first

/** => a swap disk with so many slots; the first page is its header */
export function swapDisk(slots: number): ArrayBuffer {
	const disk = new ArrayBuffer((slots + 1) * PAGE), header = new DataView(disk, 1024);
	[1, slots, 0].forEach((value, i) => header.setUint32(4 * i, value, true));
	new Uint8Array(disk, PAGE - 10, 10).set(new TextEncoder().encode('SWAPSPACE2'));
	return disk;
}

export interface Running { say(message: ToMachine): void; end(): void }

/** Starts a machine in a worker. HEARD gets what it says. */
export function startMachine(setting: Setting, slots: number, heard: (message: FromMachine) => void): Running {
	parts ??= { program: carriedBytes('worker'), kernel: carriedBytes('kernel'), root: carriedBytes('root'), wasm: carriedBytes('wasm') };
	const { program, kernel, root, wasm } = parts;
	const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
	const worker = new Worker(url);
	worker.onmessage = (message: MessageEvent<FromMachine>) => heard(message.data);
	worker.onerror = (error) => heard({ is: 'failed', text: error.message || 'the browser does not allow a worker here' });
	const say = (message: ToMachine) => worker.postMessage(message);
	say({ do: 'start', parts: { kernel, root, wasm, swap: slots ? swapDisk(slots) : new ArrayBuffer(0) }, setting });
	return { say, end: () => (worker.terminate(), URL.revokeObjectURL(url)) };
}
