import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** With `--import`: writes the address of every module that is loaded to the file LOADED_MODULES. */
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(process.env.LOADED_MODULES ?? '/dev/null', `${url}\n`);
    return nextLoad(url, context);
  },
});
