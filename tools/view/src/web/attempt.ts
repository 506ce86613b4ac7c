// A program of the editor on its way: typed into the machine, compiled there, run there. The machine's terminal and events tell how
// far it is.

import { baseName } from '../names';
import type { TraceEvent } from '../trace';

export const READY = '\x05'; // user/web/receive.c says that it waits
const END = '\x04'; // of the text
const INTERRUPT = '\x03', KILL_LINE = '\x15';
const NOT_TEXT = /[^\n\t\x20-\x7e\x80-\uffff]/g; // the terminal would take it for keys
const PROMPT = /^shisho:(\S*)\$ /;
const FOLDER = '/tmp';

export interface Program { name: string; source: string; command: string }
export interface Complaint { line: number; text: string }
export type Phase = 'sent' | 'compiling' | 'refused' | 'running' | 'ended';

export class Attempt {
	phase: Phase = 'sent';
	complaints: Complaint[] = [];
	label = 0; // the program's task, once it runs
	lastFault = 0; // the number of its last event of this kind
	private line = ''; // of the terminal, not complete yet
	private readonly output = new TextDecoder();

	constructor(readonly program: Program) {}

	/** => what begins it, to be typed while the terminal's cursor is in the line CURRENT; what runs there is interrupted */
	begin(current: string): string {
		const { name, command } = this.program, prompt = PROMPT.exec(current);
		const change = prompt?.[1] === FOLDER ? '' : `cd ${FOLDER}; `;
		return `${prompt ? KILL_LINE : INTERRUPT}${change}receive ${name}.c && cc -o ${name} ${name}.c && ${command}\r`;
	}

	/** The terminal shows BYTES; `happened` knows already what came with them. => what is to be typed now */
	printed(bytes: Uint8Array): string {
		const lines = (this.line + this.output.decode(bytes, { stream: true })).split('\n');
		this.line = lines.at(-1)!;
		if (this.phase === 'sent' && lines.some((line) => line.includes(READY))) {
			this.phase = 'compiling';
			this.line = '';
			return this.program.source.replace(NOT_TEXT, '').replace(/\n?$/, '\n') + END;
		}
		if (this.phase !== 'sent')
			lines.slice(0, -1).forEach((line) => this.complained(line.trimEnd()));
		if (this.phase === 'compiling' && PROMPT.test(this.line.trimStart()))
			this.phase = 'refused';
		return '';
	}

	private complained(line: string) {
		const [, file, number, text] = /^(.+?):(\d+): (.*)$/.exec(line) ?? [];
		if (file === `${this.program.name}.c`)
			this.complaints = [...this.complaints, { line: Number(number), text: text! }];
	}

	/** The machine has written EVENT. */
	happened(event: TraceEvent) {
		if (event.name === 'exec' && this.phase === 'compiling' && baseName(event.values.name) === this.program.name)
			[this.phase, this.label] = ['running', event.label];
		else if (this.phase === 'running' && event.label === this.label && event.name === 'fault')
			this.lastFault = event.seq;
		else if (this.phase === 'running' && event.label === this.label && event.name === 'exit')
			this.phase = 'ended';
	}
}
