import './language.js'
import './workers.js'
import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import '@graphiql/react/style.css'
import { GraphiQL } from 'graphiql'
import 'graphiql/graphiql.css'
import { createRoot } from 'react-dom/client'
import { Header } from './header.jsx'
import { language } from './language.js'
import './page.css'
import { ask } from './requests.js'
import { SAMPLES } from './sample.js'
import { SHELF } from './shelf.jsx'

const PLUGINS = [SHELF, HISTORY_PLUGIN]

createRoot(document.getElementById('page')).render(
  <>
    <Header />
    <main className="desk">
      <GraphiQL
        fetcher={ask}
        plugins={PLUGINS}
        visiblePlugin={SHELF}
        defaultQuery={SAMPLES[language]}
        defaultEditorToolsVisibility="variables"
        shouldPersistHeaders={false} // a token must not be written to disk
        inputValueDeprecation
        schemaDescription
      >
        <GraphiQL.Logo> </GraphiQL.Logo>
      </GraphiQL>
    </main>
  </>,
)
