// Builds one HTML file that loads nothing: page.html. Equal sources give equal bytes on any machine: the words are packed by a
// library under the lock file, and see svelte.config.js.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { deflateSync, strToU8 } from 'fflate';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

/** `import packed from 'virtual:words'`: words.json, deflated, in base64. */
function words() {
	const file = fileURLToPath(new URL('words.json', import.meta.url));
	return {
		name: 'words',
		resolveId: (id) => (id === 'virtual:words' ? '\0words' : null),
		load(id) {
			if (id !== '\0words')
				return null;
			this.addWatchFile(file);
			const data = deflateSync(strToU8(JSON.stringify(JSON.parse(readFileSync(file, 'utf8')))), { level: 9 });
			return `export default '${Buffer.from(data).toString('base64')}'`;
		},
	};
}

export default defineConfig({
	plugins: [
		words(),
		svelte(),
		viteSingleFile({ removeViteModuleLoader: true }),
	],
	build: { outDir: process.env.VIEW_OUT ?? '../../build/view', emptyOutDir: false, target: 'es2022', reportCompressedSize: false },
	test: { include: ['test/*.test.ts'], environment: 'node' },
});
