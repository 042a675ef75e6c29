import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/resources/*/table.ts',
    './src/crud/tables.ts',
    './src/search/table.ts',
    './src/keys/table.ts',
  ],
  out: './drizzle',
})
