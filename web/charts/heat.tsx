import '../style/charts.css'
import type { DiffReport } from '../../src/contract/diff.ts'
import { distanceText, heatMapOf } from '../../src/report/heat.ts'
import { useText } from '../language.tsx'

/** How far each part of each layer moved: a table whose cells say in figures what their shade shows. */
export function HeatMap({ diff }: { diff: Pick<DiffReport, 'tensors'> }) {
  const t = useText()
  const map = heatMapOf(diff)
  if (map === null) return <p className="empty">{t('web.change.noLayers')}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="scroll" tabIndex={0} aria-label={t('web.change.heat')}>
      <table className="heat">
        <caption>{t('web.change.heatCaption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('web.change.layer')}</th>
            {map.parts.map((part) => (
              <th scope="col" key={part}>
                {part}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {map.rows.map(({ layer, cells }) => (
            <tr key={layer}>
              <th scope="row">{layer}</th>
              {cells.map(({ distance, level }, at) => (
                <td key={map.parts[at]} className={`level-${level ?? 'none'}`}>
                  {distanceText(distance)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
