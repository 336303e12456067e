/** `npm run build`: builds what is older than its sources: server, command line and web app. `--force` builds everything. */
import './node-version.mjs';
import { seconds } from './command.mjs';
import { ensureInstalled } from './ensure.mjs';
import { build, PRODUCTS, staleProducts } from './products.mjs';
import { say } from './say.mjs';

await ensureInstalled({ dev: false });
const products = process.argv.includes('--force') ? PRODUCTS : staleProducts();
for (const product of products) {
  const since = performance.now();
  process.stderr.write(say(`Building ${product.name} … `, `正在构建${product.name} … `));
  try {
    await build(product);
  } catch (error) {
    // The tools have printed the reason; our stack trace would hide it.
    console.error(`${say('failed', '失败')}\n${error.message}`);
    process.exit(1);
  }
  console.error(seconds(since));
}
