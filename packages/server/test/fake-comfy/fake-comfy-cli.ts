/** A fake ComfyUI in a process of its own, so that it can be killed. Options come as JSON; news go out line by line. */
import { FakeComfy, type FakeOptions } from './fake-comfy.ts';

const print = (news: object): void => void process.stdout.write(`${JSON.stringify(news)}\n`);

const options: FakeOptions = JSON.parse(process.argv[2] ?? '{}');
const fake = await FakeComfy.start({
  ...options,
  onExecuted: (promptId, graph) => print({ executed: promptId, graph }),
  onDone: (promptId) => print({ done: promptId }),
});
print({ url: fake.url });
