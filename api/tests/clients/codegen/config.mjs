export default {
  schema: process.env.TAPROOM_URL,
  documents: "codegen/operations.graphql",
  generates: { "generated/codegen/": { preset: "client", presetConfig: { persistedDocuments: true } } },
  config: { scalars: { DateTime: "string" } },
};
