// Calls of the interface by a client that is made of its document alone: the types hold while this is compiled, the
// answers when it is run. usage: node calls.js http://127.0.0.1:8080
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { argv: string[] };

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "" });
let calls = 0;

function holds(what: string, condition: boolean) {
  if (!condition) throw new Error(`${what} is not as it should be`);
  calls += 1;
}

const search = await client.GET("/api/v1/search", { params: { query: { q: "遵义市政府", size: 5 } } });
holds("search", search.data?.direct[0]?.institution?.websites[0]?.host === "zunyi.gov.cn");

const etag = search.response.headers.get("ETag") ?? "";
const again = await client.GET("/api/v1/search", {
  params: { query: { q: "遵义市政府", size: 5 } },
  headers: { "If-None-Match": etag },
});
holds("search again", again.response.status === 304);

const refused = await client.GET("/api/v1/search", { params: { query: { q: "。" } } });
holds("a refusal", refused.error?.status === 400 && refused.error.parameter === "q");

const suggest = await client.GET("/api/v1/suggest", { params: { query: { q: "遵义" } } });
holds("suggest", (suggest.data?.suggestions.length ?? 0) > 0);

const resolve = await client.POST("/api/v1/resolve", { body: { text: "依照《无此法》第三条办理。" } });
holds("resolve", resolve.data?.citations[0]?.outcome === "unknown_title");

const match = await client.POST("/api/v1/match", { body: { names: ["遵义市人民政府"] } });
holds("match", match.data?.results[0]?.chosen === "520300-gov");

const check = await client.GET("/api/v1/check", { params: { query: { url: "zunyi-gov.cn" } } });
holds("check", check.data?.verdict === "lookalike");

const many = await client.POST("/api/v1/check", { body: { urls: ["www.zunyi.gov.cn"] } });
holds("check many", many.data?.results[0]?.verdict === "official");

const institution = await client.GET("/api/v1/institutions/{id}", { params: { path: { id: "520300-gov" } } });
holds("institution", institution.data?.division.code === "520300" && institution.data.provenance.length > 0);

const division = await client.GET("/api/v1/divisions/{code}", { params: { path: { code: "520300" } } });
holds("division", division.data !== undefined && "children" in division.data && division.data.children.length > 0);

const record = await client.GET("/api/v1/records/{id}", { params: { path: { id: "520300-gov" } } });
holds("record", record.data?.record.body.kind === "institution");

const changes = await client.GET("/api/v1/changes", { params: { query: { limit: 3, records: "1" } } });
holds("changes", changes.data?.changes.length === 3);

const dumps = await client.GET("/api/v1/dumps");
holds("dumps", dumps.data?.files.some((file) => file.kind === "institution") ?? false);

const unknown = await client.GET("/api/v1/submissions/{id}", { params: { path: { id: "s-1" } } });
holds("a submission without a key", unknown.response.status === 401 && unknown.error?.title !== undefined);

console.log(`${calls} calls of the TypeScript client are as they should be`);
