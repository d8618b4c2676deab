import { defineConfig } from 'vite';

// The built files are committed and embedded into the server. web/build.sh --check builds into another folder and compares.
export default defineConfig({
  root: 'src',
  build: {
    outDir: process.env.OUT_DIR ?? '../../src/VideoUnderstanding.Server/App/built',
    emptyOutDir: true,
    // Every file needs a name: the content policy of the server allows no data in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
