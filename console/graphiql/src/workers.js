// JSON's worker also does the editor's general work, so that one file less is shipped.
import GraphQLWorker from 'monaco-graphql/esm/graphql.worker.js?worker'
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker'

globalThis.MonacoEnvironment = {
  getWorker: (_, label) => (label === 'graphql' ? new GraphQLWorker() : new JsonWorker()),
}
