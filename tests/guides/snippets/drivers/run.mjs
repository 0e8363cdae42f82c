// Runs JavaScript snippets: each file's readSecret(), told as one line. An error is shown with all that hangs on it.
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

for (const path of process.argv.slice(2)) {
  const { readSecret } = await import(pathToFileURL(path).href);
  let how = "ok";
  let text;
  try {
    text = await readSecret();
  } catch (error) {
    how = "error";
    text = inspect(error, { depth: 20, showHidden: true });
  }
  console.log(basename(path, ".mjs"), how, Buffer.from(text).toString("base64"));
}
