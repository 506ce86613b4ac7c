// The heap of a program as its own lines in the trace tell it (HEAP_TRACE=1): blocks, the words known to point to them, and where
// a collection stands. The twin of tools/trace/heap.py; a test compares the two on the same recordings.
//
// References are known only from what a collector marks, or from a look at all of them: `heap refs` begins one, and what an
// earlier look has found is forgotten.

import type { ProgramLine } from './trace';

export interface Block {
	readonly size: number;
	readonly kind: 'malloc' | 'gc';
	readonly atomic: boolean; // holds no pointers
	readonly marked: boolean;
	readonly looked: boolean; // it existed when references were last looked at
}
export interface Range { readonly at: number; readonly size: number }
export type Phase = 'run' | 'mark' | 'sweep';

export class Heap {
	blocks = new Map<number, Block>();
	strings = new Map<number, number>(); // address of a word -> the block that it points to
	gone = new Map<number, number>(); // freed blocks to which words still point -> their size; 0: unknown
	roots: Range[] = []; // searched by this collection, or by the last look
	tray: Range[] = []; // the mark stack
	phase: Phase = 'run';
	robot = 0; // what is scanned or swept
	sweeping: Range | null = null;
	live = 0; // objects that the last collection found
	freed = 0; // objects, by this collection
	collections = 0;

	copy(): Heap {
		return Object.assign(new Heap(), this, { blocks: new Map(this.blocks), strings: new Map(this.strings), gone: new Map(this.gone),
			roots: [...this.roots], tray: [...this.tray] });
	}

	apply(line: ProgramLine) {
		(RULES[line.name] as ((h: Heap, v: object) => void) | undefined)?.(this, line.values);
	}

	add(at: number, block: Block) {
		if (!at)
			return;
		this.blocks.set(at, block);
		for (const [place, size] of this.gone)
			if (place < at + block.size && at < place + size)
				this.gone.delete(place);
	}

	remove(at: number, size: number) {
		this.blocks.delete(at);
		for (const target of this.strings.values())
			if (target === at) {
				this.gone.set(at, size);
				break;
			}
	}
}

const block = (size: number, kind: Block['kind'], atomic = false): Block => ({ size, kind, atomic, marked: false, looked: false });

type Values<N> = Extract<ProgramLine, { name: N }>['values'];

const RULES: { [N in ProgramLine['name']]?: (h: Heap, v: Values<N>) => void } = {
	'heap alloc': (h, v) => h.add(v.at, block(v.size, 'malloc')),
	'heap realloc'(h, v) {
		if (!v.at)
			return;
		h.blocks.delete(v.from);
		h.add(v.at, block(v.size, 'malloc'));
	},
	'heap free': (h, v) => h.remove(v.at, v.size),
	'heap refs'(h) {
		h.strings.clear();
		h.gone.clear();
		h.roots = [];
		for (const [at, b] of h.blocks)
			h.blocks.set(at, { ...b, looked: true });
	},
	'heap root': (h, v) => void h.roots.push({ at: v.at, size: v.size }),
	'heap ref': (h, v) => void h.strings.set(v.from, v.at),
	'heap stale'(h, v) {
		h.strings.set(v.from, v.at);
		h.gone.set(v.at, h.gone.get(v.at) ?? 0);
	},
	'gc begin'(h) {
		for (const [at, b] of h.blocks)
			if (b.marked)
				h.blocks.set(at, { ...b, marked: false });
		h.strings.clear();
		h.gone.clear();
		h.roots = [];
		h.tray = [];
		h.sweeping = null;
		h.phase = 'mark';
		h.robot = h.freed = 0;
		h.collections++;
	},
	'gc root'(h, v) {
		h.roots.push({ at: v.at, size: v.size });
		h.tray.push({ at: v.at, size: v.size });
	},
	'gc mark'(h, v) {
		h.blocks.set(v.at, { ...(h.blocks.get(v.at) ?? block(v.size, 'gc')), marked: true });
		h.strings.set(v.from, v.at);
	},
	'gc push': (h, v) => void h.tray.push({ at: v.at, size: v.size }),
	'gc scan'(h, v) {
		const top = h.tray.pop();
		if (top && top.at < v.at)
			h.tray.push({ at: top.at, size: v.at - top.at }); // a large range is scanned piece by piece, from its end
		h.robot = v.at;
	},
	'gc sweep'(h, v) {
		h.phase = 'sweep';
		h.tray = [];
		h.sweeping = { at: v.at, size: v.size };
		h.robot = v.at;
	},
	'gc free'(h, v) {
		h.blocks.delete(v.at);
		h.freed++;
		h.robot = v.at;
	},
	'gc end'(h, v) {
		h.phase = 'run';
		h.tray = [];
		h.sweeping = null;
		h.live = v.live;
		h.robot = 0;
	},
	'gc alloc': (h, v) => h.add(v.at, block(v.size, 'gc', v.atomic === 1)),
};
