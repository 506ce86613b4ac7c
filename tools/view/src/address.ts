// The part of the page's address after `#`: `task=6&seq=1234&skin=library&note=...` opens there;
// `live=ws://127.0.0.1:PORT` watches the machine at that port.

export interface Address {
	task?: number;
	seq?: number;
	skin?: string;
	lang?: string;
	note?: string;
	live?: string; // the address of a machine that runs now
	predict?: string; // present: begin with questions
}

export function readAddress(hash: string): Address {
	const fields = new URLSearchParams(hash.replace(/^#/, ''));
	const number = (name: string) => {
		const value = fields.get(name);
		return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
	};
	return { task: number('task'), seq: number('seq'), skin: fields.get('skin') ?? undefined, lang: fields.get('lang') ?? undefined,
		note: fields.get('note') ?? undefined, live: fields.get('live') ?? undefined, predict: fields.has('predict') ? 'on' : undefined };
}

export function writeAddress(address: Address): string {
	const fields = new URLSearchParams();
	for (const [name, value] of Object.entries(address))
		if (value !== undefined && value !== '')
			fields.set(name, String(value));
	return '#' + fields.toString();
}
