import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { Boundary } from './layout/boundary.tsx'
import { Shell } from './layout/shell.tsx'
import { SignIn } from './layout/sign-in.tsx'
import { NotFound } from './pages/not-found.tsx'
import { Overview } from './pages/overview.tsx'
import { Loading } from './parts/answer.tsx'

const Estate = lazy(() => import('./pages/estate.tsx'))
const Model = lazy(() => import('./pages/model.tsx'))
const Site = lazy(() => import('./pages/site.tsx'))
const Actor = lazy(() => import('./pages/actor.tsx'))
const Change = lazy(() => import('./pages/change.tsx'))
const Impact = lazy(() => import('./pages/impact.tsx'))
const Duties = lazy(() => import('./pages/duties.tsx'))
const Ledger = lazy(() => import('./pages/ledger.tsx'))
const Statement = lazy(() => import('./pages/statement.tsx'))

/** The pages and their addresses. What a page is about stands in its address, so that it can be sent to somebody. */
export function App() {
  return (
    <Shell>
      <Boundary>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/" component={Overview} />
            <Route path="/estate" component={Estate} />
            <Route path="/models/:model">
              {({ model }) => <Model key={model} reference={decodeURIComponent(model)} />}
            </Route>
            <Route path="/sites/:site">{({ site }) => <Site name={decodeURIComponent(site)} />}</Route>
            <Route path="/actors/:actor">{({ actor }) => <Actor id={decodeURIComponent(actor)} />}</Route>
            <Route path="/change" component={Change} />
            <Route path="/impact">{() => <Impact />}</Route>
            <Route path="/impact/:number">{({ number }) => <Impact number={Number(number)} />}</Route>
            <Route path="/duties" component={Duties} />
            <Route path="/ledger" component={Ledger} />
            <Route path="/ledger/:number">{({ number }) => <Statement number={Number(number)} />}</Route>
            <Route path="/sign-in">{() => <SignIn />}</Route>
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Boundary>
    </Shell>
  )
}
