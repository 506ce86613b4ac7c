// What tools/view/web packs is what the page unpacks.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bytesOf } from '../src/web/start';
import { unpack } from '../src/web/lzma';

const PACK = `import json, program, sys
print(json.dumps([program.load('view/web').packed(bytes(data)) for data in json.load(sys.stdin)]))`;

test('nothing, one byte, noise, repetitions near and far, and text come back', () => {
	let seed = 1;
	const noise = (n: number) => Uint8Array.from({ length: n }, () => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16) & 0xff);
	const block = noise(50_000), text = readFileSync('words.json');
	const all: Uint8Array[] = [new Uint8Array(), noise(1), noise(3001), new Uint8Array(70_000), Uint8Array.from({ length: 9999 }, (_, i) => i % 7), text,
		Buffer.concat([block, text, block, new Uint8Array(300), block.subarray(7)])];
	const input = JSON.stringify(all.map((data) => [...data])), env = { ...process.env, PYTHONPATH: '..', PYTHONDONTWRITEBYTECODE: '1' };
	const packed = JSON.parse(execFileSync('python3', ['-c', PACK], { input, encoding: 'utf8', maxBuffer: 1 << 26, env })) as string[];
	all.forEach((data, i) => expect(Buffer.compare(unpack(bytesOf(packed[i]!)), data), `input ${i}`).toBe(0));
});
