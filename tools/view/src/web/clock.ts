// The machine's time, made of the number of instructions it has executed, so that equal runs are equal to the last bit. v86 asks
// performance.now for the time and Math.random and Date.now for what they give: this module replaces them, so it must be imported
// before v86, and only in a worker of its own, since whatever else runs there would get the wrong time.

const PER_MS = 100_000; // instructions in a millisecond of the machine
const READ_MS = 0.001; // what each look at the clock takes: v86's timer reads 0 if it is read within a tick of being set

export const clock = {
	counter: () => 0, // v86's number of instructions, of 32 bits
	rounds: 0, // how often that has begun anew
	last: 0,
	reads: 0,
	idle: 0, // ms in which the processor was halted
	frozen: 0 as number | null, // while the machine is made, saved or restored: what each look gives, in READ_MS from now
};

export type Moment = Pick<typeof clock, 'rounds' | 'last' | 'reads' | 'idle'>;
export const moment = (): Moment => ({ rounds: clock.rounds, last: clock.last, reads: clock.reads, idle: clock.idle });

/** Every look at it is later than the one before. */
function now(): number {
	const count = clock.counter();
	if (clock.frozen === null)
		Object.assign(clock, { rounds: clock.rounds + (count < clock.last ? 1 : 0), reads: clock.reads + 1, last: count });
	return (clock.rounds * 2 ** 32 + count) / PER_MS + (clock.reads + (clock.frozen ?? 0)) * READ_MS + clock.idle;
}

export const realNow = performance.now.bind(performance);
performance.now = now;
Math.random = () => 0.5;
Date.now = () => Date.UTC(2026, 0, 1);
// v86 would start a worker as its alarm clock; here nobody lets v86 run by itself.
Object.assign(globalThis, { Worker: undefined });
