/** What audit pages add to the style of pages (page-style.ts). */
export const IMPACT_STYLE = `
.chart{margin:1rem 0 1.5rem;color:var(--accent);overflow-x:auto}
.chart svg{max-width:100%;height:auto}
.chart text{fill:var(--ink)}
.chart figcaption{font-size:.82rem;color:var(--soft);margin-top:.25rem}
.steps{margin:0;padding-left:1.2rem}
.steps li+li{margin-top:.4rem}
`
