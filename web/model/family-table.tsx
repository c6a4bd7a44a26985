import type { Graph } from '../../src/contract/api.ts'
import { useLanguage } from '../language.tsx'
import { figure } from '../parts/format.ts'
import { ModelLink } from '../parts/links.tsx'
import { Table } from '../parts/table.tsx'
import { Status } from '../parts/tags.tsx'

/** The same as the drawing, a relation a row. */
export function FamilyTable({ graph }: { graph: Graph }) {
  const { t, language } = useLanguage()
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]))
  return (
    <Table
      caption={t('web.graph.tableCaption')}
      head={[
        t('web.graph.child'),
        t('web.graph.made'),
        t('web.graph.parent'),
        t('web.graph.direction'),
        t('web.status.label'),
        t('page.relation.similarity'),
      ]}
      numbers={[5]}
      rows={graph.edges.map((edge) => ({
        key: `${edge.parent} ${edge.child}`,
        cells: [
          <ModelLink key="child" id={edge.child} name={names.get(edge.child)} />,
          edge.changes.map((change) => t(`change.${change}.name`)).join(t('list.separator')),
          <ModelLink key="parent" id={edge.parent} name={names.get(edge.parent)} />,
          edge.direction === 'known' ? t('web.graph.known') : t('direction.undetermined'),
          <Status key="status" status={edge.status} />,
          figure(edge.similarity, language, 4),
        ],
      }))}
    />
  )
}
