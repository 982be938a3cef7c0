// Preloaded into each server that is measured: tells its processor time and memory when it is asked over IPC.
process.on('message', (asked) => {
  if (asked !== 'usage' && asked !== 'usage after gc') return
  // Not between turns: V8 throws away the code of what rests while it collects.
  if (asked === 'usage after gc') globalThis.gc()
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  process.send({ microseconds: user + system, rss, heapUsed })
})
// The channel alone does not keep the process running, nor does its end stop the requests that are under way.
process.channel?.unref()
process.on('disconnect', () => process.exit())
