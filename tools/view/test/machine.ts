// A small machine that writes a recording: one task whose pages move between a few frames and slots, by chance but always the same
// for the same seed.

const PAGE = 4096, START = 0x1000000;

/** => numbers from 0 on and below N, by chance */
export function chance(seed: number): (n: number) => number {
	return (n) => {
		seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
		return Math.floor((seed / 2 ** 32) * n);
	};
}

export class Machine {
	private readonly lines: string[] = [];
	private readonly resident = new Map<number, number>(); // page -> frame
	private readonly stored = new Map<number, number>(); // page -> slot
	private nextFrame = 100;

	constructor(readonly frames: number, readonly slots: number, readonly pages: number, limit = frames) {
		this.say(0, `hello version=3 page=4096 frames=4096 slots=${slots} limit=${limit} policy=clock mhz=1000 `
			+ 'classes=state,fault,map,wait,evict,look,slot,swap,frame,page,space,procswap,oom,user');
		this.say(0, 'snapshot part=begin');
		this.say(4, 'space');
		this.say(4, 'name name=toy');
		this.say(4, `region start=0x${START.toString(16)} end=0x${(START + pages * PAGE).toString(16)} prot=3 flags=0 obj=0x0 index=0`);
		this.say(0, 'snapshot part=end');
		this.say(4, 'run thread=0xc0001000 name=toy');
	}

	say(label: number, text: string) {
		this.lines.push(`@${this.lines.length + 1} ${this.lines.length * 1000} ${label} ${text}`);
	}

	get text() {
		return this.lines.join('\n') + '\n';
	}

	private static va = (page: number) => `0x${(START + page * PAGE).toString(16)}`;
	private static id = (page: number) => `0x${(0xc0100000 + page * 32).toString(16)}`;

	private freeSlot(): number {
		const taken = new Set(this.stored.values());
		for (let slot = 1; slot <= this.slots; slot++)
			if (!taken.has(slot))
				return slot;
		return 0;
	}

	private evict(page: number) {
		const frame = this.resident.get(page)!, kept = this.stored.get(page), slot = kept ?? this.freeSlot();
		if (!slot)
			return false;
		this.say(0, `victim frame=${frame} policy=clock why=limit dirty=${kept ? 0 : 1}`);
		this.say(4, `unmap va=${Machine.va(page)} frame=${frame}`);
		if (!kept) {
			this.say(0, `slotalloc slot=${slot} page=${Machine.id(page)}`);
			this.say(0, `swapwrite slot=${slot} n=1 error=0`);
		}
		this.say(0, `evict frame=${frame} kind=anon how=${kept ? 'clean' : 'written'}`);
		this.say(0, `framefree frame=${frame} order=0`);
		this.stored.set(page, slot);
		this.resident.delete(page);
		return true;
	}

	/** The task touches PAGE; another one must leave if all frames are in use. */
	touch(page: number, random: (n: number) => number) {
		if (this.resident.has(page))
			return;
		if (this.resident.size === this.frames && !this.evict([...this.resident.keys()][random(this.resident.size)]!))
			return;
		const frame = this.nextFrame++ % 2000, slot = this.stored.get(page);
		this.say(4, `trap va=${Machine.va(page)} error=0x6 ip=0x8048000`);
		this.say(0, `framealloc frame=${frame} order=0 state=anon`);
		if (slot) {
			this.say(0, `pagein page=${Machine.id(page)} frame=${frame} slot=${slot}`);
			this.say(0, `swapread slot=${slot} n=1 error=0`);
			if (random(2)) {
				this.say(0, `slotfree slot=${slot}`);
				this.stored.delete(page);
			}
		} else {
			this.say(0, `page page=${Machine.id(page)} frame=${frame}`);
			this.say(4, `private va=${Machine.va(page)} page=${Machine.id(page)}`);
		}
		this.say(4, `map va=${Machine.va(page)} frame=${frame} writable=1`);
		this.say(4, `fault va=${Machine.va(page)} access=write row=${slot ? 'private' : 'zero_fill'} major=${slot ? 1 : 0} result=ok`);
		this.resident.set(page, frame);
	}
}

/** => a recording of TOUCHES touches */
export function recordingOf(seed: number, frames: number, slots: number, pages: number, touches: number, limit?: number): string {
	const machine = new Machine(frames, slots, pages, limit), random = chance(seed);
	for (let i = 0; i < touches; i++)
		machine.touch(random(pages), random);
	return machine.text;
}
