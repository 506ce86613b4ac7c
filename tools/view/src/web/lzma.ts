// Unpacks what tools/view/web has packed with LZMA, since a browser unpacks only deflate: that does not see that the programs on the
// disk share most of their library, and takes twice the room.
//
// The stream is LZMA's raw form with lc = 3, lp = 0, pb = 2, behind four bytes with the length of what comes out, least significant
// first. A range decoder gives bits, each with a probability that adapts; from them come literals and matches: a length, and a
// distance back in what has come out already. Source: Igor Pavlov, LZMA specification (draft, 2015), in the 7-Zip LZMA SDK.

const LITERAL_BITS = 3, POSITIONS = 4, STATES = 12; // lc; 1 << pb; what the last operations were
const TOP = 2 ** 24, HALF = 1024, SHIFT = 5; // of the range; of a probability; how fast it adapts

// Where the probabilities of each kind begin.
const IS_MATCH = 0, IS_REP = IS_MATCH + STATES * POSITIONS, IS_REP_0 = IS_REP + STATES, IS_REP_1 = IS_REP_0 + STATES, IS_REP_2 = IS_REP_1 + STATES;
const IS_LONG = IS_REP_2 + STATES, SLOT = IS_LONG + STATES * POSITIONS, NEAR = SLOT + 4 * 64, ALIGN = NEAR + 115, LENGTH = ALIGN + 16;
const LOW = 2, MIDDLE = LOW + POSITIONS * 8, HIGH = MIDDLE + POSITIONS * 8, LENGTH_SIZE = HIGH + 256; // within those of a length
const REP_LENGTH = LENGTH + LENGTH_SIZE, LITERAL = REP_LENGTH + LENGTH_SIZE, ALL = LITERAL + (0x300 << LITERAL_BITS);

class Bits {
	private readonly odds = new Uint16Array(ALL).fill(HALF);
	private range = 2 ** 32 - 1;
	private code: number;

	constructor(private readonly data: Uint8Array, private at: number) {
		this.code = new DataView(data.buffer, data.byteOffset).getUint32(at + 1);
		this.at += 5;
	}

	private widen() {
		if (this.range < TOP) {
			this.range = (this.range << 8) >>> 0;
			this.code = ((this.code << 8) | this.data[this.at++]!) >>> 0;
		}
	}

	bit(which: number): number {
		const odds = this.odds[which]!, bound = (this.range >>> 11) * odds;
		const one = this.code >= bound;
		if (one) {
			this.range -= bound;
			this.code -= bound;
			this.odds[which] = odds - (odds >> SHIFT);
		} else {
			this.range = bound;
			this.odds[which] = odds + ((2 * HALF - odds) >> SHIFT);
		}
		this.widen();
		return one ? 1 : 0;
	}

	/** => COUNT bits that are as often 0 as 1 */
	plain(count: number): number {
		let value = 0;
		for (; count; count--) {
			this.range >>>= 1;
			const one = this.code >= this.range;
			if (one)
				this.code -= this.range;
			value = value * 2 + (one ? 1 : 0);
			this.widen();
		}
		return value;
	}

	/** => COUNT bits, the most significant first; each has a probability for what came before it */
	tree(base: number, count: number): number {
		let node = 1;
		for (let i = 0; i < count; i++)
			node = 2 * node + this.bit(base + node);
		return node - (1 << count);
	}

	/** => the same, the least significant first */
	reverse(base: number, count: number): number {
		let node = 1, value = 0;
		for (let i = 0; i < count; i++) {
			const bit = this.bit(base + node);
			node = 2 * node + bit;
			value |= bit << i;
		}
		return value;
	}

	/** => the byte after LAST; MATCH: after a match, the byte that continues it, which is not this one; else -1 */
	literal(last: number, match: number): number {
		const base = LITERAL + 0x300 * (last >> (8 - LITERAL_BITS));
		let node = 1;
		for (; match >= 0 && node < 0x100; match <<= 1) {
			const expected = (match >> 7) & 1, bit = this.bit(base + 0x100 * (1 + expected) + node);
			node = 2 * node + bit;
			if (bit !== expected)
				break;
		}
		while (node < 0x100)
			node = 2 * node + this.bit(base + node);
		return node & 0xff;
	}

	length(base: number, position: number): number {
		if (!this.bit(base))
			return 2 + this.tree(base + LOW + position * 8, 3);
		if (!this.bit(base + 1))
			return 10 + this.tree(base + MIDDLE + position * 8, 3);
		return 18 + this.tree(base + HIGH, 8);
	}

	/** => how far back a match of so many bytes lies, less 1 */
	distance(length: number): number {
		const slot = this.tree(SLOT + 64 * Math.min(length - 2, 3), 6), count = (slot >> 1) - 1;
		if (slot < 4)
			return slot;
		const high = (2 + (slot & 1)) * 2 ** count;
		if (slot < 14)
			return high + this.reverse(NEAR + high - slot, count);
		return high + this.plain(count - 4) * 16 + this.reverse(ALIGN, 4);
	}
}

/** => what PACKED holds */
export function unpack(packed: Uint8Array): Uint8Array<ArrayBuffer> {
	const out = new Uint8Array(new DataView(packed.buffer, packed.byteOffset).getUint32(0, true)), bits = new Bits(packed, 4);
	let state = 0, at = 0, back = [0, 0, 0, 0]; // the last distances, newest first
	while (at < out.length) {
		const position = at % POSITIONS;
		if (!bits.bit(IS_MATCH + state * POSITIONS + position)) {
			out[at] = bits.literal(at ? out[at - 1]! : 0, state < 7 ? -1 : out[at - back[0]! - 1]!);
			at++;
			state = state < 4 ? 0 : state - (state < 10 ? 3 : 6);
			continue;
		}
		let length = 0;
		if (!bits.bit(IS_REP + state)) {
			length = bits.length(LENGTH, position);
			back = [bits.distance(length), ...back.slice(0, 3)];
			state = state < 7 ? 7 : 10;
		} else {
			const which = !bits.bit(IS_REP_0 + state) ? 0 : !bits.bit(IS_REP_1 + state) ? 1 : 2 + bits.bit(IS_REP_2 + state);
			const single = which === 0 && !bits.bit(IS_LONG + state * POSITIONS + position);
			back = [back[which]!, ...back.filter((_, i) => i !== which)];
			length = single ? 1 : bits.length(REP_LENGTH, position);
			state = single ? (state < 7 ? 9 : 11) : state < 7 ? 8 : 11;
		}
		for (const end = Math.min(at + length, out.length); at < end; at++)
			out[at] = out[at - back[0]! - 1]!;
	}
	return out;
}
