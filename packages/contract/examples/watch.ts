/** Prints the progress of a task while it is painted: `node watch.js http://127.0.0.1:9000 "a red dragon"` (Node 22) */
import { createClient, isFinal, watchTasks } from '@limner/contract';

const [baseUrl = 'http://127.0.0.1:9000', prompt = 'a red dragon'] = process.argv.slice(2);
const limner = createClient({ baseUrl });

const { id } = await limner.call('generate', { body: { prompt, batch_size: 2, width: 256, height: 256 } });
for await (const event of watchTasks({ baseUrl, tasks: [id], since: 0 })) {
  console.log(`${event.status} ${Math.round(event.progress * 100)} % ${event.output_paths.join(' ')}`);
  if (isFinal(event.status)) break;
}
