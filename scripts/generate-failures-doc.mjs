// Writes docs/failures.md from the catalogue of failures in dist/, so that the build comes first.
import { mkdirSync, writeFileSync } from 'node:fs'
import { renderFailures } from '../dist/failure/document.js'

const folder = new URL('../docs/', import.meta.url)

mkdirSync(folder, { recursive: true })
writeFileSync(new URL('failures.md', folder), renderFailures())
