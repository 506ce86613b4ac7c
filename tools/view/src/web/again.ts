// The second machine: other frames, memory, swap disk or policy, and the same input at the prompt.

import type { Feed, FeedState } from '../feed';
import type { Carried } from '../source';
import { READY } from './attempt';
import { startMachine, type Running } from './start';

export interface Wish {
	frames: number; // for programs and files; 0: all
	memory: number; // MiB
	slots: number; // of the swap disk; 0: no disk
	policy: string;
	typed: string; // lines for the shell
}
export const POLICIES = ['clock', 'fifo', 'ageing', 'wsclock', 'random', 'adaptive'];
export const LEAST = { frames: 24, memory: 8, slots: 0 }, MOST = { frames: 16384, memory: 64, slots: 4095 };
const PROMPT = /[$#>] \r?$/, ESCAPES = /\x1b\[[\d;?]*[a-zA-Z]/g, BACKSPACE = /[^\r]?[\x7f\b]/, CONTROL = /[\0-\x0c\x0e-\x1f]/g;

/** => the words for the kernel; ROWS and COLUMNS of the terminal */
export const cmdlineFor = ({ frames, policy }: Wish, columns: number, rows: number) =>
	`trace=all tracedev=debugcon policy=${policy} columns=${columns} rows=${rows}` + (frames ? ` frames=${frames}` : '');

/** => the lines that TYPED amounts to once its corrections are made */
export function linesOf(typed: string): string[] {
	let text = typed;
	while (BACKSPACE.test(text))
		text = text.replace(BACKSPACE, '');
	return text.replace(CONTROL, '').split('\r').filter((line) => line.trim() && line.trim() !== 'exit');
}

/**
 * => what is to be typed at the prompt, and then each time that a program waits for its text: after a line that receives one, that
 * text of PROGRAMS comes first
 */
export function piecesOf(typed: string, programs: ReadonlyMap<string, string>): string[] {
	const pieces = [''];
	for (const line of [...typed.split('\n'), 'exit']) {
		pieces[pieces.length - 1] += line + '\r';
		const text = programs.get(/\breceive (\S+)\.c\b/.exec(line)?.[1] ?? '');
		if (text !== undefined)
			pieces.push(text);
	}
	return pieces;
}

/**
 * => a machine that does as WISH says and is switched off at the end, when ENDED is called; SITES: the places in the kernel's source; PROGRAMS: of the
 * editor, with their texts
 */
export function machineFor(wish: Wish, sites: Pick<Carried, 'sites' | 'sources'>, cmdline: string, failed: (text: string) => void,
	ended: () => void, programs: ReadonlyMap<string, string> = new Map()): Feed {
	return {
		data: { title: wish.typed, trace: '', ...sites }, where: 'v86',
		start(changed: (text: string, state: FeedState) => void) {
			let screen: string | null = ''; // until the first prompt; before it nobody reads
			const pieces = piecesOf(wish.typed, programs);
			const machine: Running = startMachine({ memory: wish.memory << 20, cmdline }, wish.slots, (message) => {
				if (message.is === 'failed')
					failed(message.text);
				if (message.is === 'ended') {
					changed('', 'cut');
					machine.end();
					ended();
				}
				if (message.is !== 'more')
					return;
				changed(message.trace, 'running');
				const shown = new TextDecoder().decode(message.output);
				if (screen === null ? shown.includes(READY) : PROMPT.test((screen += shown).replace(ESCAPES, ''))) {
					machine.say({ do: 'type', text: pieces.shift() ?? '' });
					screen = null;
				}
			});
			return machine.end;
		},
	};
}
