// The Python twins, for comparison.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export function python(script: string, ...args: (string | number)[]): string {
	return execFileSync('python3', [here(script), ...args.map(String)], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** => the path of a file with TEXT */
export function fileWith(text: string): string {
	const path = join(mkdtempSync(join(tmpdir(), 'shisho-view-')), 'trace.txt');
	writeFileSync(path, text);
	return path;
}

export const randomTrace = (seed: number, count: number) => python('random_trace.py', seed, count);
