// The quickstart with the client that openapi-typescript makes from the published document.
// Usage: node quickstart.js SERVER KEY CLIP QUERY. Prints how many videos were searched, and the hits.
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import createClient from "openapi-fetch";
import type { paths } from "./v11.js";

const [server, key, clip, query] = process.argv.slice(2) as [string, string, string, string];
const api = createClient<paths>({ baseUrl: `${server}/v1.1`, headers: { "x-api-key": key } });

/** The data of an answer; the sentence of the server is thrown for an error. */
function answer<T>({ data, error }: { data?: T; error?: { code: string; message: string } }): NonNullable<T> {
  if (data === undefined || data === null) throw new Error(error ? `${error.code}: ${error.message}` : "The answer has no body.");
  return data;
}

const index = answer(await api.POST("/indexes", {
  body: { engine_id: "marengo2", index_name: `TypeScript ${Date.now()}`, index_options: ["visual"] },
}))._id;

const file = await openAsBlob(clip);
const task = answer(await api.POST("/tasks", {
  body: { index_id: index, language: "en", video_file: basename(clip) },
  bodySerializer: (fields) => {
    const form = new FormData();
    form.append("index_id", fields.index_id);
    form.append("language", fields.language ?? "en");
    form.append("video_file", file, fields.video_file ?? undefined);
    return form;
  },
}))._id;

for (;;) {
  const state = answer(await api.GET("/tasks/{task-id}", { params: { path: { "task-id": task } } }));
  if (state.status === "failed") throw new Error(state.error_reason);
  if (state.status === "ready") break;
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

const found = answer(await api.POST("/search", { body: { index_id: index, query, search_options: ["visual"] } }));
console.log(`${found.search_pool.total_count} video searched`);
console.log(JSON.stringify(found.data));
