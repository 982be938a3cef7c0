// Writes docs/configuration.md from the schema of the configuration in server/dist/, so that the build comes first.
import { writeFileSync } from 'node:fs'
import { renderConfiguration } from '../server/dist/serve/configuration-document.js'

writeFileSync(new URL('../docs/configuration.md', import.meta.url), renderConfiguration())
