// Builds one HTML file that loads nothing: page.html. Its program and its styles are packed to less than half; equal sources give
// equal bytes on any machine, since the packer is a library under the lock file (and see svelte.config.js).
import { deflateAsync } from '@gfx/zopfli';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const ENTRY = process.env.VIEW_ENTRY ?? 'index.html'; // or web.html, see tools/view/web
const WITH_C = !!process.env.VIEW_WITH_C; // the editor, whose words begin with `c.`

/** Characters that cannot stand in the string of a script as they are, or not in HTML. */
const REFUSED = [0, 10, 13, 39, 60, 92];

/** => BYTES as text: a character for each seven bits. Instead of one of REFUSED there stands, two bytes long in UTF-8, one for it and
 * the seven bits behind it. That is a seventh more than BYTES; base 85 would be a quarter more. */
function toText(bytes) {
	const sevens = [];
	for (let bit = 0; bit < bytes.length * 8; bit += 7) {
		const at = bit >> 3, pair = bytes[at] * 256 + (bytes[at + 1] ?? 0);
		sevens.push((pair >> (9 - (bit & 7))) & 127);
	}
	let text = '';
	for (let i = 0; i < sevens.length; i++) {
		const refused = REFUSED.indexOf(sevens[i]);
		text += String.fromCharCode(refused < 0 ? sevens[i] : 256 + refused * 128 + (sevens[++i] ?? 0));
	}
	return text;
}

/** What stands in the page instead of its program: unpacks styles and program, and runs it. */
const UNPACK = (packed) => `<script type="module">
const text = '${toText(packed)}', bytes = new Uint8Array(${packed.length});
let bits = 0, held = 0, at = 0;
const take = (seven) => {
	bits = (bits << 7 | seven) & 0x7fff, held += 7;
	if (held >= 8)
		bytes[at++] = bits >> (held -= 8);
};
for (let i = 0; i < text.length; i++) {
	const code = text.charCodeAt(i);
	if (code > 255)
		take([${REFUSED}][(code >> 7) - 2]);
	take(code & 127);
}
const [css, js] = (await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text()).split('\\0');
for (const [kind, text] of [['style', css], ['script', js]])
	document.head.append(Object.assign(document.createElement(kind), { className: 'unpacked', textContent: text }));
</script>`;

/** Packs the page's style and script elements. */
function pack() {
	return {
		name: 'pack',
		enforce: 'post',
		generateBundle: {
			order: 'post',
			async handler(_, bundle) {
				const page = bundle[ENTRY];
				const parts = [/<style[^>]*>([^]*?)<\/style>/, /<script type="module"[^>]*>([^]*?)<\/script>/].map((shape) => {
					const [element, text] = shape.exec(page.source);
					page.source = page.source.replace(element, '');
					return text;
				});
				const packed = await deflateAsync(parts.join('\0'), { numiterations: 15 });
				page.source = page.source.replace('</body>', () => UNPACK(packed) + '\n</body>');
			},
		},
	};
}

/** Of what only tools/trace/story and GDB tell, the page needs no more than these; only the page with a machine speaks of it and of C. */
const PAGE_STORIES = /^story\.(why|victims|victim\.short|meanwhile|more)/, OTHERS = /^(story|error|time|address)\./;
const WITHOUT = ENTRY === 'web.html' ? OTHERS : new RegExp(`${OTHERS.source}|^(web|c)\\.`);

function fewerWords() {
	return {
		name: 'fewer-words',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith('/words.json'))
				return null;
			const words = Object.entries(JSON.parse(code)).filter(([key]) => !WITHOUT.test(key) || PAGE_STORIES.test(key));
			return JSON.stringify(Object.fromEntries(words));
		},
	};
}

/** Without C the editor is null. */
function fewerParts() {
	return {
		name: 'fewer-parts',
		enforce: 'pre',
		resolveId: (source) => (!WITH_C && source === './Bench.svelte' ? '\0none' : null),
		load: (id) => (id === '\0none' ? 'export default null' : null),
	};
}

export default defineConfig({
	plugins: [fewerWords(), fewerParts(), svelte(), viteSingleFile(), pack()],
	build: { outDir: process.env.VIEW_OUT ?? '../../build/view', emptyOutDir: false, target: 'es2022', reportCompressedSize: false,
		rollupOptions: { input: ENTRY, output: { format: 'iife' } } },
	test: { include: ['test/*.test.ts'], environment: 'node', testTimeout: 90_000 },
});
