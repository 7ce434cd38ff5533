import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The component library brings its words in 34 languages; this page speaks one. */
const englishOnly: Plugin = {
  name: 'english-only',
  enforce: 'pre',
  load: (id) =>
    /react-(aria|stately)\/.*\/intl\/[^/]+\/(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs$/.test(id) ? 'export default {};' : null,
};

const gateway = process.env.GATEWAY_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [englishOnly, react()],
  // Nothing is inlined: the content security policy allows neither inline scripts nor data: fonts.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The reference of the API is a page of its own: whoever books loads nothing of it.
    rolldownOptions: { input: ['index.html', 'api-reference.html'] },
    chunkSizeWarningLimit: 2000,
  },
  server: { proxy: { '/api': gateway } },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    // Only a hang reaches these, however busy the machine is.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    setupFiles: ['src/testing/setup.ts'],
  },
});
