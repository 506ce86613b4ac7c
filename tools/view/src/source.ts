// Where the recording comes from: an element of the page, which tools/view/view fills, or a file dropped on the page. And the
// way back: the page as one file that holds the recording, a step and a note.

export interface Carried {
	title: string; // what was run
	trace: string; // the lines of the recording
	sites: Record<string, [name: string, file: string, line: number][]>; // address in hex -> where it is in the source
	sources: Record<string, [first: number, lines: string[]]>; // `file:line` -> lines around it
	open?: string; // where to open, as after `#` in the address
	note?: string;
	second?: { title: string; trace: string }; // another recording of the same programs, to compare with
}

const ELEMENT = 'recording';
const LARGE = 1 << 20; // what is longer is carried deflated, in base 64, as { deflated }
let pristine = '';

/** Keeps the page as it was loaded, before anything is unpacked or drawn, but without a machine; then `pageWith` can write it again. */
export function keepPage() {
	const copy = document.documentElement.cloneNode(true) as HTMLElement;
	copy.querySelectorAll('.unpacked, .machine').forEach((element) => element.remove());
	pristine = '<!doctype html>\n' + copy.outerHTML;
}

const through = (bytes: BlobPart, stream: CompressionStream | DecompressionStream) =>
	new Response(new Blob([bytes]).stream().pipeThrough(stream));

/** => what the page carries; null: nothing */
export async function carried(): Promise<Carried | null> {
	const data = JSON.parse(document.getElementById(ELEMENT)?.textContent || 'null') as Carried | { deflated: string } | null;
	if (!data || !('deflated' in data))
		return data;
	const bytes = Uint8Array.from(atob(data.deflated), (c) => c.charCodeAt(0));
	return await through(bytes, new DecompressionStream('deflate')).json() as Carried;
}

/** => what DATA becomes inside a script element: no `<`, and no line end that old engines do not allow in strings */
export function embed(data: unknown): string {
	return JSON.stringify(data).replace(/[<\u2028\u2029]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}

async function deflated(text: string): Promise<string> {
	let bytes = '';
	for (const byte of new Uint8Array(await through(text, new CompressionStream('deflate')).arrayBuffer()))
		bytes += String.fromCharCode(byte);
	return btoa(bytes);
}

/** => the text of this page with DATA in it instead of what it carries now */
export async function pageWith(data: Carried): Promise<string> {
	const start = pristine.indexOf('>', pristine.indexOf(`id="${ELEMENT}"`)) + 1;
	let text = embed(data);
	if (text.length > LARGE)
		text = embed({ deflated: await deflated(text) });
	return pristine.slice(0, start) + text + pristine.slice(pristine.indexOf('</script>', start));
}

/** Offers TEXT to the reader as a file NAME. */
export function download(name: string, text: string, type = 'text/html') {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(new Blob([text], { type }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
