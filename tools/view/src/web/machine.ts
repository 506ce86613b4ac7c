// The glue to v86, pinned to one version, since its interface is experimental: an emulated PC that boots the kernel, and can be
// put back to any event of its trace, exactly.
//
// - Exact: time is the number of instructions (clock.ts), the interpreter runs alone (compiled code is ready at no fixed time), and
//   input is noted with the number of the round before which it came. A round is one call of v86's main loop, some 100,000
//   instructions. So a state restored and run again does what it did, to the last bit of memory.
// - Held: with `tracestep` the kernel reads port 0xE9 after each line of its trace, and waits while it reads 0. The machine is
//   held at the event whose line came last, and the round is ended by v86's flag of a halted processor.
// - A held machine has wasted instructions, so its timers are late compared with a run that was not held. Travelling holds only
//   machines that are thrown away: the present is kept as a saved state and is restored before it goes on.

import { clock, moment, type Moment } from './clock';
import { V86 } from 'v86';

const TRACE_PORT = 0xe9, END_PORT = 0xf4, LINE_STATUS = 0x3fd, DATA_READY = 1, NEWLINE = 10;
const BURST = 16; // bytes that the serial line keeps for the kernel
const KEPT = 24; // saved states, of some 9 MB each
const PRESENT = 1, WRITABLE = 2, PAGE_MASK = 0xfffff000, USER_TABLES = 768; // below 0xC0000000

export interface Parts { kernel: ArrayBuffer; root: ArrayBuffer; swap: ArrayBuffer; wasm: ArrayBuffer }
export interface Setting { memory: number; cmdline: string }

/** What of v86's inside is used here. */
interface Cpu {
	main_loop(): number; // => ms until something is to be done
	full_clear_tlb(): void;
	in_hlt: Uint8Array;
	instruction_counter: Uint32Array;
	cr: Int32Array;
	current_tsc: Uint32Array;
	store_current_tsc(): void;
	set_tsc(low: number, high: number): void;
	mem8: Uint8Array;
	io: {
		register_read(port: number, device: object, read: () => number): void;
		register_write(port: number, device: object, ...writes: ((value: number) => void)[]): void; // of 8, 16 and 32 bits
		port_read8(port: number): number;
	};
}
interface Pc { cpu: Cpu; save_state(): ArrayBuffer; restore_state(state: ArrayBuffer): void }

interface Progress { seq: number; line: number[]; rounds: number; console: number; given: number }
interface Saved extends Progress { state: ArrayBuffer; time: Moment; counter: number; held: boolean; ended: number | null }

export class Machine {
	trace: number[] = []; // bytes that nobody has taken yet; also of the console
	output: number[] = [];
	ended: number | null = null; // the value at the port that ends it
	held = false;
	private now: Progress = { seq: 0, line: [], rounds: 0, console: 0, given: 0 };
	private holdAt = Infinity; // hold at the first event from this one on
	private typed: { round: number; byte: number }[] = []; // what came, and before which round
	private waiting: number[] = []; // bytes that the machine has not been given
	private saved: Saved[] = [];
	private every = 1000; // events from one saved state to the next
	private forgets = new Set<number>(); // rounds before which the processor forgets its translations

	private constructor(private readonly emulator: V86, private readonly travels: boolean) {
		this.cpu.io.register_read(TRACE_PORT, {}, () => this.permit());
		this.cpu.io.register_write(TRACE_PORT, {}, (byte: number) => this.traced(byte));
		emulator.add_listener('serial0-output-byte', (byte: number) => {
			this.output.push(byte);
			this.now.console++;
		});
	}

	static async create({ kernel, root, swap, wasm }: Parts, { memory, cmdline }: Setting): Promise<Machine> {
		Object.assign(clock, { counter: () => 0, rounds: 0, last: 0, reads: 0, idle: 0, frozen: 0 });
		const emulator = new V86({
			wasm_fn: async (imports: WebAssembly.Imports) => (await WebAssembly.instantiate(wasm, imports)).instance.exports,
			multiboot: { buffer: kernel }, hda: { buffer: root }, hdb: swap.byteLength ? { buffer: swap } : undefined, cmdline,
			memory_size: memory, vga_memory_size: 1 << 20, autostart: false, disable_jit: true,
		} as ConstructorParameters<typeof V86>[0]);
		await new Promise<void>((done) => emulator.add_listener('emulator-ready', () => done()));
		const machine = new Machine(emulator, /\btracestep\b/.test(cmdline));
		clock.counter = () => machine.cpu.instruction_counter[0]! >>> 0;
		clock.frozen = null;
		return machine;
	}

	private get pc(): Pc {
		return (this.emulator as unknown as { v86: Pc }).v86;
	}

	private get cpu(): Cpu {
		return this.pc.cpu;
	}

	get seq() {
		return this.now.seq;
	}

	/** How many bytes the console has had. */
	get printed() {
		return this.now.console;
	}

	private permit(): number {
		if (this.now.seq < this.holdAt || this.now.line.length)
			return TRACE_PORT;
		this.held = true;
		this.cpu.in_hlt[0] = 1;
		return 0;
	}

	private traced(byte: number) {
		this.trace.push(byte);
		this.now.line.push(byte);
		if (byte !== NEWLINE)
			return;
		this.now.seq = parseInt(String.fromCharCode(...this.now.line.slice(1, 12)), 10);
		this.now.line = [];
	}

	/** Runs one round. => for how long, in ms, the machine has nothing to do; 0: it has */
	round(): number {
		if (this.forgets.has(this.now.rounds))
			this.cpu.full_clear_tlb();
		this.giveInput();
		const time = this.run();
		this.now.rounds++;
		if (this.now.rounds === 1) { // by now v86 has set its own, which throws
			const end = (value: number) => void (this.ended = value);
			this.cpu.io.register_write(END_PORT, {}, end, end, end);
		}
		if (this.held || this.ended !== null)
			return 0;
		clock.idle += time;
		return this.waiting.length ? 0 : time;
	}

	private run(): number {
		try {
			return Math.max(this.cpu.main_loop(), 0);
		} catch (error) {
			if (this.ended === null)
				throw error;
			return 0;
		}
	}

	/** As many bytes a round as the line keeps, if the kernel has taken those before. */
	private giveInput() {
		for (let burst = this.quiet ? BURST : 0; burst > 0; burst--) {
			const noted = this.typed[this.now.given];
			const byte = noted ? (noted.round === this.now.rounds ? noted.byte : undefined) : this.waiting.shift();
			if (byte === undefined)
				return;
			if (!noted)
				this.typed.push({ round: this.now.rounds, byte });
			this.now.given++;
			this.emulator.serial_send_bytes(0, new Uint8Array([byte]));
		}
	}

	type(text: string) {
		this.waiting.push(...new TextEncoder().encode(text));
	}

	// ---- time travel

	/** Has the kernel taken all that it was given? Only then is a saved state whole. */
	get quiet() {
		return !(this.cpu.io.port_read8(LINE_STATUS) & DATA_READY);
	}

	/** Saves the state now and then, if the kernel can be held at an event; to be called between rounds while the present runs. */
	remember() {
		const last = this.saved.at(-1);
		if (!this.travels || (last && this.now.seq < last.seq + this.every) || !this.quiet)
			return;
		if (this.saved.length === KEPT) {
			this.saved = this.saved.filter((_, number) => number % 2 === 0);
			this.every *= 2;
		}
		this.saved.push(this.save());
	}

	/**
	 * v86 does not save the translations that the processor knows. Restored, it has forgotten them, and will set accessed bits anew;
	 * so it forgets them here too, and each time that this round is run again.
	 */
	save(): Saved {
		this.forgets.add(this.now.rounds);
		clock.frozen = 1;
		const state = this.pc.save_state();
		clock.frozen = null;
		return { ...this.now, line: [...this.now.line], state, time: moment(), counter: this.cpu.instruction_counter[0]!,
			held: this.held, ended: this.ended };
	}

	restore(saved: Saved) {
		this.cpu.instruction_counter[0] = saved.counter; // v86 does not save it
		Object.assign(clock, saved.time);
		this.setCycles();
		this.pc.restore_state(saved.state);
		clock.frozen = null;
		const { seq, line, rounds, console, given } = saved;
		this.now = { seq, line: [...line], rounds, console, given };
		[this.held, this.ended, this.holdAt] = [saved.held, saved.ended, Infinity];
	}

	/**
	 * v86's counter of cycles is the clock less an offset. To set it, v86 reads it, which subtracts the old offset already. So the
	 * old offset is made 1 look first, and the counter is restored 1 look later than it was saved.
	 */
	private setCycles() {
		clock.frozen = 3;
		this.cpu.store_current_tsc();
		clock.frozen = 4;
		this.cpu.set_tsc(this.cpu.current_tsc[0]!, this.cpu.current_tsc[1]!);
		clock.frozen = 2;
	}

	/**
	 * Goes back to the last saved state before the event SEQ, or to the first one of all if STRAIGHT, to be held at the event: call
	 * `round` until `held`.
	 */
	leaveFor(seq: number, straight = false) {
		this.restore(straight ? this.saved[0]! : this.saved.findLast((s) => s.seq < seq || (s.held && s.seq === seq))!);
		this.holdAt = seq;
	}

	/** Where the machine is held becomes its present; what came after has not happened. */
	branch() {
		this.saved = this.saved.filter((s) => s.seq < this.now.seq);
		this.saved.push(this.save());
		this.typed.length = this.now.given;
		this.waiting = [];
		this.cpu.in_hlt[0] = 0;
		[this.held, this.holdAt] = [false, Infinity];
	}

	// ---- its memory

	/** => a hash of all of it, to compare two runs */
	hash(): string {
		const { mem8 } = this.cpu;
		let one = 0x811c9dc5, two = 0x01000193;
		for (const word of new Uint32Array(mem8.buffer, mem8.byteOffset, mem8.length >> 2)) {
			one = Math.imul(one ^ word, 0x01000193);
			two = Math.imul(two + word, 0x85ebca6b) ^ (one >>> 15);
		}
		return [one, two].map((n) => (n >>> 0).toString(16).padStart(8, '0')).join('');
	}

	/** => address, frame, and 1 if stores are allowed, of each page that the current directory maps for user mode */
	entries(): number[] {
		const { mem8, cr } = this.cpu;
		const words = new Uint32Array(mem8.buffer, mem8.byteOffset, mem8.length >> 2);
		const directory = (cr[3]! & PAGE_MASK) >>> 2, found: number[] = [];
		for (let d = 0; d < USER_TABLES; d++) {
			const table = words[directory + d]!;
			for (let t = 0; table & PRESENT && t < 1024; t++) {
				const entry = words[((table & PAGE_MASK) >>> 2) + t]!;
				if (entry & PRESENT)
					found.push(((d << 22) | (t << 12)) >>> 0, entry >>> 12, (entry & WRITABLE) >> 1);
			}
		}
		return found;
	}
}
