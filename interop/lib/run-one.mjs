// One implementation: the vectors, what is generated, and an explanation for each difference.
import { documentsFor } from './cases.mjs'
import { differential } from './differential.mjs'
import { codecImplementation, runConformance } from './library.mjs'
import { explainDifference, explainFailure } from './rules.mjs'

export async function runOne(implementation, command, count) {
  const codec = codecImplementation(command, { timeout: 60_000 })
  try {
    const documents = documentsFor(implementation)
    const vectors = new Map(
      documents.flatMap((document) =>
        document.vectors.map((vector) => [`${document.document} ${vector.id}`, vector]),
      ),
    )
    const report = await runConformance(documents, { implementation: codec })
    const failures = report.documents.flatMap(({ document, sections }) =>
      sections.flatMap(({ section, results }) =>
        results
          .filter(({ outcome }) => outcome === 'failed')
          .map((result) => {
            const vector = vectors.get(`${document} ${result.id}`)
            return {
              document,
              section,
              ...result,
              vector,
              explanation: explainFailure(implementation, result, vector),
            }
          }),
      ),
    )
    const { compared, differences } = await differential(implementation, codec, count)
    const explained = differences.map((difference) => ({
      ...difference,
      explanation: explainDifference(implementation, difference),
    }))
    const unexplained = [
      ...failures
        .filter(({ explanation }) => !explanation)
        .map(
          ({ id, message, expected, got, input }) =>
            `${id} (${message}): expected ${expected}, got ${got}; ${JSON.stringify(input)}`,
        ),
      ...explained.filter(({ explanation }) => !explanation).map((difference) => JSON.stringify(difference)),
      ...(report.broken ? [report.broken] : []),
    ]
    return { implementation, report, failures, compared, differences: explained, unexplained }
  } finally {
    codec.kill()
  }
}
